/** The word lists of the TPC-H specification (clause 4.2.2.13). A table of data. */
const list = (text) => text.trim().split(/\s+/);

export const COLORS =
  list(`almond antique aquamarine azure beige bisque black blanched blue blush brown burlywood burnished
  chartreuse chiffon chocolate coral cornflower cornsilk cream cyan dark deep dim dodger drab firebrick floral forest frosted
  gainsboro ghost goldenrod green grey honeydew hot indian ivory khaki lace lavender lawn lemon light lime linen magenta maroon
  medium metallic midnight mint misty moccasin navajo navy olive orange orchid pale papaya peach peru pink plum powder puff
  purple red rose rosy royal saddle salmon sandy seashell sienna sky slate smoke snow spring steel tan thistle tomato turquoise
  violet wheat white yellow`);
export const TYPE_1 = list('STANDARD SMALL MEDIUM LARGE ECONOMY PROMO');
export const TYPE_2 = list('ANODIZED BURNISHED PLATED POLISHED BRUSHED');
export const TYPE_3 = list('TIN NICKEL BRASS STEEL COPPER');
export const CONTAINER_1 = list('SM LG MED JUMBO WRAP');
export const CONTAINER_2 = list('CASE BOX BAG JAR PKG PACK CAN DRUM');
export const SEGMENTS = list('AUTOMOBILE BUILDING FURNITURE MACHINERY HOUSEHOLD');
export const PRIORITIES = ['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW'];
export const INSTRUCTIONS = ['DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN'];
export const MODES = ['REG AIR', 'AIR', 'RAIL', 'SHIP', 'TRUCK', 'MAIL', 'FOB'];
export const REGIONS = ['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST'];
export const NATIONS = [
  ['ALGERIA', 0],
  ['ARGENTINA', 1],
  ['BRAZIL', 1],
  ['CANADA', 1],
  ['EGYPT', 4],
  ['ETHIOPIA', 0],
  ['FRANCE', 3],
  ['GERMANY', 3],
  ['INDIA', 2],
  ['INDONESIA', 2],
  ['IRAN', 4],
  ['IRAQ', 4],
  ['JAPAN', 2],
  ['JORDAN', 4],
  ['KENYA', 0],
  ['MOROCCO', 0],
  ['MOZAMBIQUE', 0],
  ['PERU', 1],
  ['CHINA', 2],
  ['ROMANIA', 3],
  ['SAUDI ARABIA', 4],
  ['VIETNAM', 2],
  ['RUSSIA', 3],
  ['UNITED KINGDOM', 3],
  ['UNITED STATES', 1],
];
export const COMMENT_WORDS =
  list(`accounts asymptotes attainments bold braids blithely carefully close courts daring deposits
  dependencies dinos dolphins dugouts even excuses express final fluffily foxes frays furiously grouches hockey ideas idle
  instructions ironic packages patterns pending pinto platelets players quickly realms regular requests ruthless sauternes
  sentiments sheaves slyly special theodolites thin unusual warhorses waters`);
