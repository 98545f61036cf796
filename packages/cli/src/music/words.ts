/** Words that artists, albums and tracks are named from. A table of data. */

export const FIRST_NAMES: readonly string[] =
  `Ada Alba Amir Anna Arlo Astrid Ben Bianca Carl Carmen Chen Clara Dana Diego Edith Elias Ella Emil Esther Farah Felix
  Frida Gina Gus Hana Hugo Ida Igor Ines Iris Ivan Jada Jonas Josef Juno Karim Kai Lea Leo Lila Lou Luca Maja Marco Mina
  Mona Nadia Nico Nina Noor Olga Omar Otto Paul Pia Quinn Rafael Rosa Ruth Sami Sara Selma Simon Sofia Stella Tariq Theo
  Tilda Uma Vera Viktor Wanda Yara Yusuf Zoe`.split(/\s+/);

export const LAST_NAMES: readonly string[] =
  `Abbot Almeida Andersson Baker Barros Bell Bergmann Bianchi Brandt Carver Castillo Chen Costa Cruz Dahl Duarte Dubois
  Ekström Farouk Ferrari Fischer Fontaine Garcia Greco Haddad Hansen Hayes Herrera Holm Ibarra Ivanova Jansen Johansson
  Kaya Keller Kim Kowalski Larsen Lemaire Lindqvist Lopez Marino Martel Mendes Meyer Moreau Nakamura Novak Okafor Olsen
  Ortega Park Petrov Quist Ramos Ricci Rojas Rossi Sato Schmidt Silva Sørensen Stone Suzuki Tanaka Torres Ueda Vance
  Vargas Vogel Weber Wolfe Yamada Young Zeller`.split(/\s+/);

export const ADJECTIVES: readonly string[] =
  `Amber Ancient Blue Broken Burning Careless Crimson Crooked Crystal Distant Drowning Electric Empty Endless Fading
  Faithful Fallen Fearless Feral Foolish Forgotten Fragile Frozen Gentle Gilded Golden Hidden Hollow Holy Honest Hungry
  Infinite Invisible Lonely Lucid Lunar Midnight Naked Neon Nameless Northern Paper Patient Phantom Plastic Quiet Reckless
  Restless Rusty Sacred Scarlet Secret Shallow Silent Silver Sleepless Slow Solar Southern Stolen Strange Sudden Sweet
  Tender Thirsty Timeless Twisted Velvet Violent Wandering Waking Wasted Wicked Wild Winter Wooden Yellow`.split(
    /\s+/,
  );

export const NOUNS: readonly string[] =
  `Afternoon Angel Anchor Arrow Ashes Autumn Avenue Balcony Bird Blood Bridge Candle Canyon Carnival Cathedral Chapel
  Circle City Cloud Coast Compass Corner Cradle Crown Dancer Dawn Desert Devil Diamond Dream Dust Echo Ember Engine Evening
  Feather Fever Field Fire Flood Forest Fountain Garden Ghost Glass Gravity Harbor Heart Highway Horizon Hour House Hunter
  Island Journey Kingdom Ladder Lantern Letter Lighthouse Lion Machine Mannequin Memory Mirror Monsoon Moon Morning
  Mountain Ocean Orchard Painter Parade Pilot Planet Prayer Promise Queen Radio Rain River Road Rocket Rose Sailor Season
  Shadow Signal Silence Sister Sky Smoke Snow Soldier Spring Stairway Star Station Storm Stranger Summer Sun Telephone
  Thunder Tide Tiger Tower Train Valley Violin Voice Wall Water Whisper Wind Window Wolf Wonder`.split(/\s+/);

export const VERBS: readonly string[] =
  `Believe Break Bring Burn Call Carry Catch Chase Close Count Cross Dance Dream Drive Fall Feel Find Follow Forget Give
  Hear Hide Hold Hunt Keep Kiss Know Leave Lose Love Meet Miss Move Need Open Paint Play Reach Remember Ride Run Save Say
  See Send Shake Sing Sleep Speak Stand Stay Steal Take Teach Tell Touch Trust Wait Wake Walk Want Watch Wear`.split(
    /\s+/,
  );

export const LITTLE_WORDS: readonly string[] =
  'Under the|Over the|In the|Out of the|Into the|Beyond the|Before the|After the|By the|Behind the|Without a|Like a'.split(
    '|',
  );

export const VERSIONS: readonly string[] = [
  '(Live)',
  '(Acoustic)',
  '(Remix)',
  '(Demo)',
  '(Radio Edit)',
  '(Reprise)',
  '(Interlude)',
  '- Remastered',
  'Pt. 1',
  'Pt. 2',
  '(Extended Mix)',
];

export const GENRES: readonly string[] = [
  'Rock',
  'Pop',
  'Electronic',
  'Hip-Hop',
  'Jazz',
  'Classical',
  'Folk',
  'Metal',
  'R&B',
  'Country',
  'Blues',
  'Reggae',
  'Latin',
  'Ambient',
  'Punk',
  'Soul',
  'Funk',
  'World',
  'Soundtrack',
  'Indie',
];

/** ISO 3166 codes. */
export const COUNTRIES: readonly string[] =
  'US GB DE FR SE JP BR CA AU IT ES NL NO KR IS IE MX AR NG ZA IN PL PT FI DK BE CH AT CL CO GR TR RU UA CN'.split(
    ' ',
  );

/** Names and titles beyond Latin-1, so that nothing that handles text may think in bytes. */
export const UNICODE_NAMES: readonly string[] = [
  '宇多田 光',
  'さくら Quartet',
  '東京 夜行列車',
  'Кино Ночью',
  'Молчание',
  'Ελένη Παππά',
  '김서연',
  'فيروز الصغيرة',
  'Đorđe Šćepanović',
  'Żółta Łódź',
  'Ångström & Çelik',
  '李小龍 Band',
  'नीला आकाश',
  'Ĉiam Antaŭen',
  'The 🎷 Owls',
];

export const UNICODE_TITLES: readonly string[] = [
  '夜の向こうに',
  '雪の朝',
  'Последний поезд',
  'Тишина',
  'Θάλασσα',
  '바람이 분다',
  'يا ليل',
  'Straße ohne Ende',
  'Señorita del río',
  'Été indien',
  'Žuta podmornica',
  'आख़िरी ख़त',
  '愛 (feat. Ōkami)',
  'Łzy i deszcz',
  'Rain ☔ Again',
];
