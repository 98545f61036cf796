/** Answers of PostgreSQL 18 that the text search functions must give: expressions and their values as text. */

export const searchCases: readonly (readonly [expression: string, value: string])[] = [
  [
    "'(''dog'' <3> !((''moon'':A & ''moon'':A) & (''e-mail'' & ''blue'')))'::tsquery <-> '''moon'''::tsquery",
    "'dog' <3> !( 'moon':A & 'moon':A & 'e-mail' & 'blue' ) <-> 'moon'",
  ],
  ["ts_headline('english', 'the', to_tsquery('english', '!über:A'), 'HighlightAll=true')", 'the'],
  ["''::tsvector", ''],
  ["array_to_tsvector('{b,a,a,c}'::text[])", "'a' 'b' 'c'"],
  [
    "ts_delete('''b'' ''moon'':4,1 ''it''''s'' ''blue'':8,3,12B ''run'' ''e-mail'''::tsvector, '{cat,dog}'::text[])",
    "'b' 'blue':3,8,12B 'e-mail' 'it''s' 'moon':1,4 'run'",
  ],
  [
    "ts_filter('''e-mail'' ''it''''s'':7C ''moon'':8C ''dog'' ''cat'':4A,2D,10'::tsvector, '{a,d}')",
    "'cat':2,4A,10",
  ],
  [
    "to_tsvector('english', 'the runs e-mail the cat e-mail the') @@ websearch_to_tsquery('english', '12 \"stars stars runs the 3.5 running\"')",
    'false',
  ],
  [
    "'''rat'':2C,11,8B ''blue'':2B ''moon'''::tsvector || '''dog'' ''run'':8C ''it''''s'':7 ''moon'':12A,1 ''cat'':11D,3A'::tsvector",
    "'blue':2B 'cat':14A,22 'dog' 'it''s':18 'moon':12,23A 'rat':2C,8B,11 'run':19C",
  ],
  [
    "ts_rank_cd('''star'':2C,8D ''rat'' ''star'' ''moon'' ''b'':3C,4D,8D'::tsvector, '''star'''::tsquery, 27)",
    '0.0022190535',
  ],
  [
    "(select string_agg(d::text, ';') from ts_debug('english', 'Blue, stars, running, cats, rat, a, the, runs') d where false)",
    'null',
  ],
  ["(select string_agg(d::text, ';') from ts_debug('english', 'cats dog') d where false)", 'null'],
  [
    "(select string_agg(d::text, ';') from ts_debug('english', 'the. running. dog. foo-bar. moon. 3.5. Blue') d where false)",
    'null',
  ],
  ["phraseto_tsquery('english', 'rat. supernova. runs. ran')", "'rat' <-> 'supernova' <-> 'run' <-> 'ran'"],
  ["querytree('''b'''::tsquery)", "'b'"],
  [
    "plainto_tsquery('english', 'dog, foo-bar, rat, rat, foo-bar')",
    "'dog' & 'foo-bar' & 'foo' & 'bar' & 'rat' & 'rat' & 'foo-bar' & 'foo' & 'bar'",
  ],
  [
    "plainto_tsquery('simple', 'runs foo-bar the 3.5 12 ran x2 cat')",
    "'runs' & 'foo-bar' & 'foo' & 'bar' & 'the' & '3.5' & '12' & 'ran' & 'x2' & 'cat'",
  ],
  [
    'jsonb_to_tsvector(\'english\', \'{"a": "The Cats", "bears": ["runs", 1.50, true, null], "c": {"d": "dogs of"}}\'::jsonb, \'"all"\')',
    "'1.50':16 'bear':12 'c':5 'cat':3 'd':7 'dog':9 'run':14 'true':18",
  ],
  ["'''rat'':*'::tsquery", "'rat':*"],
  [
    "plainto_tsquery('english', 'running. stars. foo-bar. über. stars. 3.5. supernova. 3.5. rat')",
    "'run' & 'star' & 'foo-bar' & 'foo' & 'bar' & 'über' & 'star' & '3.5' & 'supernova' & '3.5' & 'rat'",
  ],
  [
    "'''dog'':9 ''it''''s'':4,8,10B ''cat'':6A,10D ''e-mail'''::tsvector < '''cat'' ''blue'':8,8C ''star'':2,11,11 ''rat'':10C'::tsvector",
    'false',
  ],
  ["'''blue'':1,6D,9A'::tsvector < '''e-mail'':1C,8A,3C ''e-mail'':7D ''cat'':9C,7D,3D'::tsvector", 'true'],
  [
    "ts_rank('{0.1,0.3,0.5,0.9}'::float4[], to_tsvector('english', 'running, the, runs, of'), to_tsquery('english', 'supernova <2> über <2> !moon <2> a'))",
    '1e-20',
  ],
  ["'''e-mail'''::tsvector @@ '''moon'':*AB'::tsquery", 'false'],
  [
    "websearch_to_tsquery('simple', 'running stars: \"runs rat cat moon rat stars rat cats\" or rat')",
    "'running' & 'stars' & 'runs' <-> 'rat' <-> 'cat' <-> 'moon' <-> 'rat' <-> 'stars' <-> 'rat' <-> 'cats' | 'rat'",
  ],
  [
    "setweight('''moon'':3B,11D,11B ''it''''s'' ''cat'':8C ''rat'':6C,5,9B'::tsvector, 'A', '{cat,rat}')",
    "'cat':8A 'it''s' 'moon':3B,11B 'rat':5A,6A,9A",
  ],
  [
    "(select string_agg(d::text, ';') from ts_debug('english', 'Blue, running, über, runs, the') d where false)",
    'null',
  ],
  [
    "ts_headline('english', 'of dog moon rat ran rat a ran', to_tsquery('english', '!Blue'), 'HighlightAll=true')",
    'of dog moon rat ran rat a ran',
  ],
  ["'''e-mail'' ''rat'' ''rat'':7B,1D,2B ''blue'''::tsvector = '''it''''s'':6D,1A'::tsvector", 'false'],
  [
    "'((!!''dog'':*AB <0> (''blue'' & ''rat'')) & ''dog'':*)'::tsquery <-> '((''blue'':*AB | (''dog'':A <-> (''b'':A & ''b''))) | ''moon'':A)'::tsquery",
    "( !!'dog':*AB <0> ( 'blue' & 'rat' ) & 'dog':* ) <-> ( 'blue':*AB | 'dog':A <-> ( 'b':A & 'b' ) | 'moon':A )",
  ],
  [
    "'''blue'':2 ''star'':1,9C'::tsvector < '''rat'' ''cat'':2A,5C ''cat'':6D,11 ''star'' ''dog'':9A ''it''''s'':9C,5'::tsvector",
    'true',
  ],
  [
    "'(((''cat'' | (''moon'' & ''run'':CD)) & ''moon'':A) | ((''star'' <3> ''run'') <2> (''rat'':*AB | (''it''''s'':* & ''e-mail''))))'::tsquery && '''run'''::tsquery",
    "( ( 'cat' | 'moon' & 'run':CD ) & 'moon':A | 'star' <3> 'run' <2> ( 'rat':*AB | 'it''s':* & 'e-mail' ) ) & 'run'",
  ],
  [
    "plainto_tsquery('simple', 'stars. x2. stars. moon. running. the. cat')",
    "'stars' & 'x2' & 'stars' & 'moon' & 'running' & 'the' & 'cat'",
  ],
  ["ts_delete(''::tsvector, '{cat,dog}'::text[])", ''],
  ["'''star'':5B ''b'''::tsvector < '''dog'' ''rat'':5,5B ''e-mail'':12 ''blue'' ''cat'''::tsvector", 'true'],
  [
    "phraseto_tsquery('simple', 'x2. ran. dog. cat. rat. über. 3.5')",
    "'x2' <-> 'ran' <-> 'dog' <-> 'cat' <-> 'rat' <-> 'über' <-> '3.5'",
  ],
  [
    "(select string_agg(d::text, ';') from ts_debug('english', 'über e-mail foo-bar rat supernova cat of x2') d where false)",
    'null',
  ],
  ["tsvector_to_array(''::tsvector)", '{}'],
  [
    "''::tsvector || '''dog'' ''moon'' ''cat'':7,9C,3D ''b'':7C ''run'':12A,1,4C ''cat'':1B,12,11'::tsvector",
    "'b':7C 'cat':1B,3,7,9C,11,12 'dog' 'moon' 'run':1,4C,12A",
  ],
  [
    "querytree('(''run'' <0> ((''run'' <0> (''rat'':*AB <2> ''dog'')) & (''run'' <-> (''it''''s'':A <3> ''it''''s'':*AB))))'::tsquery)",
    "'run' <0> ( 'run' <0> ( 'rat':*AB <2> 'dog' ) & 'run' <-> ( 'it''s':A <3> 'it''s':*AB ) )",
  ],
  [
    "plainto_tsquery('simple', 'stars cats stars runs stars a')",
    "'stars' & 'cats' & 'stars' & 'runs' & 'stars' & 'a'",
  ],
  ["'''blue'''::tsvector @@ '(''blue'':*AB <2> (!''e-mail'':*AB & ''b'':CD))'::tsquery", 'false'],
  ["querytree('''rat'':A'::tsquery)", "'rat':A"],
  ["ts_filter('''run'':1C ''dog'' ''dog'''::tsvector, '{a,d}')", ''],
  [
    "to_tsvector('english', 'of. Blue. stars. x2. Blue. moon. stars. a. runs. 12. moon') @@ to_tsquery('english', 'e-mail:A | dog | !über:* | of:A')",
    'true',
  ],
  ["'''star'':10C ''dog'':12A,4 ''it''''s'' ''b'' ''it''''s'':8A,1D,3'::tsvector = ''::tsvector", 'false'],
  ["'''dog'''::tsquery <-> '''moon'''::tsquery", "'dog' <-> 'moon'"],
  [
    "phraseto_tsquery('simple', 'dog. moon. Blue. the. runs')",
    "'dog' <-> 'moon' <-> 'blue' <-> 'the' <-> 'runs'",
  ],
  [
    "strip('''dog'':6D,10B,11A ''b'':5D,2B ''it''''s'':5,9B ''e-mail'':12,4'::tsvector)",
    "'b' 'dog' 'e-mail' 'it''s'",
  ],
  [
    "to_tsvector('english', 'cats cats the of cats supernova cat runs moon ran') @@ to_tsquery('english', '!stars:*&of')",
    'true',
  ],
  ["to_tsquery('simple', 'of:*')", "'of':*"],
  ["ts_rank_cd(''::tsvector, '''dog'''::tsquery, 44)", '0'],
  ["ts_filter('''run'' ''cat'':10 ''star'''::tsvector, '{a,d}')", "'cat':10"],
  [
    "'''star'':11B,10B,4C ''it''''s'':6B,8C ''run'':1'::tsvector || '''blue'' ''star'':3'::tsvector",
    "'blue' 'it''s':6B,8C 'run':1 'star':4C,10B,11B,14",
  ],
  ["!! '''rat'':A'::tsquery", "!'rat':A"],
  [
    "phraseto_tsquery('simple', 'cats, running, cat, cats, Blue, foo-bar, rat')",
    "'cats' <-> 'running' <-> 'cat' <-> 'cats' <-> 'blue' <-> 'foo-bar' <-> 'foo' <-> 'bar' <-> 'rat'",
  ],
  ["'''cat'' ''cat'''::tsvector", "'cat'"],
  [
    "tsvector_to_array('''blue'':11B,3D,3 ''b'':5A ''it''''s'':8C,8B,6B ''star'':6,2B'::tsvector)",
    "{b,blue,it's,star}",
  ],
  [
    "to_tsvector('english', 'of. rat. cat. running. the') @@ websearch_to_tsquery('english', '-x2 OR supernova OR -supernova')",
    'true',
  ],
  ["numnode('''cat'':*AB'::tsquery)", '1'],
  ["'''moon'':A'::tsquery", "'moon':A"],
  [
    'to_tsvector(\'english\', \'{"a": "The Cats", "b": ["runs", 1, true], "c": {"d": "dogs of"}}\'::jsonb)',
    "'cat':2 'dog':6 'run':4",
  ],
  [
    "ts_filter('''e-mail'' ''blue'':7D,3D ''star'' ''run'':7D ''it''''s'':12D,8C,8'::tsvector, '{a,d}')",
    "'blue':3,7 'it''s':12 'run':7",
  ],
  [
    "strip('''star'' ''star'':5B ''moon'' ''moon'' ''e-mail'' ''e-mail'':1C'::tsvector)",
    "'e-mail' 'moon' 'star'",
  ],
  ["'''e-mail'':8A,4B ''dog'':8D ''dog'':10C ''cat'''::tsvector", "'cat' 'dog':8,10C 'e-mail':4B,8A"],
  ["ts_filter(''::tsvector, '{a,d}')", ''],
  [
    "'''star'''::tsquery || '(''e-mail'' <2> (''moon'' & !!''blue''))'::tsquery",
    "'star' | 'e-mail' <2> ( 'moon' & !!'blue' )",
  ],
  [
    'jsonb_to_tsvector(\'english\', \'{"a": "The Cats", "bears": ["runs", 1.50, true, null], "c": {"d": "dogs of"}}\'::jsonb, \'["string"]\')',
    "'cat':2 'dog':4 'run':7",
  ],
  ["querytree('''cat'''::tsquery)", "'cat'"],
  [
    "strip('''dog'':11,6A,5A ''e-mail'':11A,10C ''cat'':7B,8B ''cat'':6A,8B,9C'::tsvector)",
    "'cat' 'dog' 'e-mail'",
  ],
  ["'!!(''cat'' <2> ''e-mail'')'::tsquery", "!!( 'cat' <2> 'e-mail' )"],
  [
    "setweight('''e-mail'':2B,4A,5 ''moon'':2 ''e-mail'':7,10D,10D'::tsvector, 'D', '{cat,rat}')",
    "'e-mail':2B,4A,5,7,10 'moon':2",
  ],
  ["!! '''dog'''::tsquery", "!'dog'"],
  [
    "phraseto_tsquery('english', 'running. the. runs. x2. e-mail. cat')",
    "'run' <2> 'run' <-> 'x2' <-> 'e-mail' <-> 'e' <-> 'mail' <-> 'cat'",
  ],
  ["websearch_to_tsquery('simple', 'OR supernova -running')", "'or' & 'supernova' & !'running'"],
  [
    "strip('''cat'':6D,12 ''cat'':3,8,9 ''dog'':10D,12B,4D ''moon'':7,1,4B ''it''''s'':12,11'::tsvector)",
    "'cat' 'dog' 'it''s' 'moon'",
  ],
  [
    "'''e-mail'' ''rat'' ''blue'' ''dog'':9A,4,1A ''cat'''::tsvector = '''b'' ''blue'':10C,1A,9D ''dog'':11,1'::tsvector",
    'false',
  ],
  ["'''dog'':A'::tsquery", "'dog':A"],
  [
    "'''it''''s'''::tsquery <-> '(!((''rat'':CD & ''cat'':A) <2> ''dog'':A) | ''star'':*AB)'::tsquery",
    "'it''s' <-> ( !( ( 'rat':CD & 'cat':A ) <2> 'dog':A ) | 'star':*AB )",
  ],
  ["'(''it''''s'':* <-> ''star'')'::tsquery", "'it''s':* <-> 'star'"],
  ["!! '(!''blue'' | ''cat'':CD)'::tsquery", "!( !'blue' | 'cat':CD )"],
  [
    "'''it''''s'' ''it''''s'' ''blue'':12 ''it''''s'':7D,8B ''run'':1C,11A ''blue'''::tsvector @@ '''cat'':*AB'::tsquery",
    'false',
  ],
  ["ts_rank(''::tsvector, '''star'':*'::tsquery, 22)", '0'],
  ["querytree('''rat'':CD'::tsquery)", "'rat':CD"],
  ["strip('''it''''s'':10,9D ''b'':2A,8D ''e-mail'' ''b'':4A'::tsvector)", "'b' 'e-mail' 'it''s'"],
  [
    "ts_headline('english', 'supernova stars cats running the Blue e-mail', to_tsquery('english', '3.5'), 'HighlightAll=true')",
    'supernova stars cats running the Blue e-mail',
  ],
  ["!! '(''star'':A | ''dog'':*AB)'::tsquery", "!( 'star':A | 'dog':*AB )"],
  [
    "length('''e-mail'':12D ''it''''s'' ''it''''s'':8B ''star'':8B,2D,12 ''run'' ''star'':8B'::tsvector)",
    '4',
  ],
  ["'''dog'''::tsvector @@ '''e-mail'':*'::tsquery", 'false'],
  [
    "'''blue'':3 ''star'':6,2B ''cat'':9B,7A ''dog'' ''blue'':5D,11B,10'::tsvector @@ '!''rat'':*'::tsquery",
    'true',
  ],
  ["array_to_tsvector('{b,a,a,c}'::text[])", "'a' 'b' 'c'"],
  [
    "'''star'':*AB'::tsquery @> '(''moon'' | (''star'':A <2> (''blue'':A <0> ''rat'':*AB)))'::tsquery",
    'false',
  ],
  ["''::tsvector", ''],
  ["'(''dog'':* | ''b'':*)'::tsquery @> '''b'':A'::tsquery", 'true'],
  [
    "to_tsvector('english', 'e-mail') @@ websearch_to_tsquery('english', 'Blue supernova or \"x2 supernova the\" -moon')",
    'false',
  ],
  ["'''blue'':*AB'::tsquery <-> '''run'':*'::tsquery", "'blue':*AB <-> 'run':*"],
  [
    "'''cat'':4D,5B,4 ''moon'' ''e-mail'':5C ''cat'':5A,1A,4 ''run'':7B ''run'':9,6D'::tsvector @@ '''e-mail'''::tsquery",
    'true',
  ],
  ["ts_rank_cd(''::tsvector, '(''e-mail'':A & ''star'')'::tsquery, 53)", '0'],
  [
    "'(''star'':A <-> (''moon'':* <-> ((''star'' <-> ''run'') & !''moon'')))'::tsquery @> '(''run'' | (''star'':*AB & ((''b'' & ''e-mail'') & !''it''''s'':CD)))'::tsquery",
    'false',
  ],
  ["'''dog'' ''run'':10,3 ''b'':2A,3B,3D ''e-mail'''::tsvector", "'b':2A,3B 'dog' 'e-mail' 'run':3,10"],
  [
    "ts_rank('''rat'' ''blue'''::tsvector, '((''star'':*AB | ''blue'') & ''e-mail'')'::tsquery, 45)",
    '3.1546488e-21',
  ],
  [
    "to_tsvector('simple', 'the. moon. über. running. dog. cats. 12. the. a. of. running')",
    "'12':7 'a':9 'cats':6 'dog':5 'moon':2 'of':10 'running':4,11 'the':1,8 'über':3",
  ],
  [
    "'(''moon'' & (''star'':*AB & (''star'' | ''it''''s'')))'::tsquery && '''blue'''::tsquery",
    "'moon' & 'star':*AB & ( 'star' | 'it''s' ) & 'blue'",
  ],
  ["length('''cat'':3,10,1D ''b'':10B ''star'':10B,1,2D ''rat'':9B'::tsvector)", '4'],
  [
    "ts_rank('{0.1,0.3,0.5,0.9}'::float4[], to_tsvector('english', 'e-mail. 12. of. cats'), to_tsquery('english', 'foo-bar:*&a:*'))",
    '1e-20',
  ],
  [
    "'''star'''::tsquery && '(''blue'':*AB <-> (''moon'' | ((''rat'':*AB <-> ''e-mail'':*) <3> ''dog'':CD)))'::tsquery",
    "'star' & 'blue':*AB <-> ( 'moon' | 'rat':*AB <-> 'e-mail':* <3> 'dog':CD )",
  ],
  ["array_to_tsvector('{b,a,a,c}'::text[])", "'a' 'b' 'c'"],
  ["ts_delete('''b'' ''cat'':7B ''rat'':3'::tsvector, '{cat,dog}'::text[])", "'b' 'rat':3"],
  [
    "ts_rank('''rat'':5C,6B,6B ''cat'' ''e-mail'':2D ''b'':9D,10 ''cat'''::tsvector, '''moon'''::tsquery, 55)",
    '0',
  ],
  [
    'jsonb_to_tsvector(\'english\', \'{"a": "The Cats", "bears": ["runs", 1.50, true, null], "c": {"d": "dogs of"}}\'::jsonb, \'["key","numeric"]\')',
    "'1.50':8 'bear':6 'c':2 'd':4",
  ],
  [
    'to_tsvector(\'english\', \'{"a": "The Cats", "b": ["runs", 1, true], "c": {"d": "dogs of"}}\'::jsonb)',
    "'cat':2 'dog':6 'run':4",
  ],
  ["numnode('''moon'''::tsquery)", '1'],
  [
    "'(''moon'' | (''e-mail'' <-> ''e-mail''))'::tsquery || '(''b'' <2> ''blue'':*)'::tsquery",
    "'moon' | 'e-mail' <-> 'e-mail' | 'b' <2> 'blue':*",
  ],
  [
    "'''moon'':1,3 ''e-mail'':5,6C ''dog'':8B ''rat'':8,11D'::tsvector < '''moon'':12D ''star'':11 ''b'':9,5'::tsvector",
    'false',
  ],
  [
    "to_tsvector('simple', 'ran x2 supernova stars e-mail running 12')",
    "'12':9 'e':6 'e-mail':5 'mail':7 'ran':1 'running':8 'stars':4 'supernova':3 'x2':2",
  ],
  [
    'to_tsvector(\'english\', \'{"a": "The Cats", "b": ["runs", 1, true], "c": {"d": "dogs of"}}\'::jsonb)',
    "'cat':2 'dog':6 'run':4",
  ],
  ["numnode('''cat'':*'::tsquery)", '1'],
  ["'''cat'':3,1'::tsvector @@ '!''e-mail'':*'::tsquery", 'true'],
  [
    'jsonb_to_tsvector(\'english\', \'{"a": "The Cats", "bears": ["runs", 1.50, true, null], "c": {"d": "dogs of"}}\'::jsonb, \'["string"]\')',
    "'cat':2 'dog':4 'run':7",
  ],
  ["'''blue'':7D ''it''''s'':9B,11,3C ''blue'':3D,2A,2C'::tsvector = ''::tsvector", 'false'],
  [
    "to_tsvector('english', 'stars. a. x2. foo-bar. x2. über. Blue. of')",
    "'bar':6 'blue':9 'foo':5 'foo-bar':4 'star':1 'x2':3,7 'über':8",
  ],
  [
    "ts_headline('english', 'a, 3.5 moon stars, supernova, über, Blue, moon, über', to_tsquery('english', 'a'))",
    'a, 3.5 moon stars, supernova, über, Blue, moon, über',
  ],
  ["to_tsquery('english', 'stars:*')", "'star':*"],
  ["to_tsquery('simple', '!stars:A')", "!'stars':A"],
  ["to_tsvector('simple', 'über')", "'über':1"],
  ["websearch_to_tsquery('simple', '-ran cats: of')", "!'ran' & 'cats' & 'of'"],
  ["to_tsvector('simple', 'moon a cats')", "'a':2 'cats':3 'moon':1"],
  [
    "setweight('''b'' ''e-mail'' ''moon'' ''b'':7A,4D ''dog'':7,4,12 ''b'''::tsvector, 'b', '{cat,rat}')",
    "'b':4,7A 'dog':4,7,12 'e-mail' 'moon'",
  ],
  ["'''rat'''::tsquery || '''blue'''::tsquery", "'rat' | 'blue'"],
  [
    "to_tsvector('english', 'cats stars of moon x2 running') @@ to_tsquery('english', 'the:A&!Blue&a')",
    'true',
  ],
  ["array_to_tsvector('{b,a,a,c}'::text[])", "'a' 'b' 'c'"],
  ["array_to_tsvector('{b,a,a,c}'::text[])", "'a' 'b' 'c'"],
  [
    'to_tsvector(\'english\', \'{"a": "The Cats", "b": ["runs", 1, true], "c": {"d": "dogs of"}}\'::jsonb)',
    "'cat':2 'dog':6 'run':4",
  ],
  [
    "ts_delete('''cat'':4 ''dog'':4A ''run'' ''it''''s'' ''cat'' ''b'''::tsvector, '{cat,dog}'::text[])",
    "'b' 'it''s' 'run'",
  ],
  [
    "'''rat'':7,9 ''blue'' ''rat'':1A,3B ''moon'':9A,4A ''run'''::tsvector @@ '(!((''cat'' <2> ''rat'') | (''cat'':CD & ''star'':A)) <-> ''e-mail'':CD)'::tsquery",
    'false',
  ],
  [
    "'''run'':6,11,3A ''blue'':6 ''run'' ''it''''s'':11,5C,7B ''moon'':2A'::tsvector || '''star'' ''run'' ''b'':9D,11 ''blue'':3D,9'::tsvector",
    "'b':20,22 'blue':6,14,20 'it''s':5C,7B,11 'moon':2A 'run':3A,6,11 'star'",
  ],
  [
    "ts_rank_cd(''::tsvector, '(''it''''s'' & ((''dog'':* & !''b'') & (!''rat'' & (''it''''s'':* & ''star''))))'::tsquery, 50)",
    '0',
  ],
  ["ts_delete(''::tsvector, '{cat,dog}'::text[])", ''],
  [
    "websearch_to_tsquery('english', '-e-mail Blue -cat a')",
    "!( 'e-mail' <-> 'e' <-> 'mail' ) & 'blue' & !'cat'",
  ],
  [
    "to_tsvector('english', 'ran ran a foo-bar running e-mail ran stars a') @@ to_tsquery('english', 'supernova:* <-> !running')",
    'false',
  ],
  [
    "setweight('''moon'':2A,4,10C ''it''''s'':6 ''dog'':3B,4A,2C'::tsvector, 'C', '{cat,rat}')",
    "'dog':2C,3B,4A 'it''s':6 'moon':2A,4,10C",
  ],
  ["'''star'':5D,2A,10 ''rat'':1,8B,12D'::tsvector @@ '(''dog'' | ''it''''s'':*AB)'::tsquery", 'false'],
  ["'''star'':*'::tsquery @> '(''dog'':A <-> !!!''moon'')'::tsquery", 'false'],
  [
    'to_tsvector(\'english\', \'{"a": "The Cats", "b": ["runs", 1, true], "c": {"d": "dogs of"}}\'::jsonb)',
    "'cat':2 'dog':6 'run':4",
  ],
  ["numnode('!!(''rat'' <2> ''cat'':*AB)'::tsquery)", '5'],
  ["websearch_to_tsquery('english', '-running OR -supernova')", "!'run' | !'supernova'"],
  ["to_tsquery('simple', 'Blue <2> ran <2> stars:A')", "'blue' <2> 'ran' <2> 'stars':A"],
  [
    "to_tsvector('english', 'foo-bar. cat. running. foo-bar. runs. stars. 3.5. cat') @@ to_tsquery('english', 'foo-bar')",
    'true',
  ],
  [
    "'!(!!''moon'':CD & ((''blue'':CD & ''blue'':A) & (''e-mail'':CD & ''blue'':A)))'::tsquery || '!''star'':A'::tsquery",
    "!( !!'moon':CD & 'blue':CD & 'blue':A & 'e-mail':CD & 'blue':A ) | !'star':A",
  ],
  ["'''blue'':6D,4C,10D ''moon'':11,9D'::tsvector = '''rat'':3A,4B,5B'::tsvector", 'false'],
  ["'''dog'''::tsquery && '''dog'':A'::tsquery", "'dog' & 'dog':A"],
  [
    "'(''e-mail'':CD | ''dog'':*AB)'::tsquery @> '((!(''star'':* | ''b'') | ''b'':*AB) <-> (((''rat'':CD | ''moon'':A) & (''dog'':A & ''cat'':A)) <-> ''cat''))'::tsquery",
    'false',
  ],
  ["ts_rank('''rat'':12A ''blue'':3B,5A,4B ''blue'':12B ''cat'':10D'::tsvector, '''b'''::tsquery, 26)", '0'],
  [
    "setweight('''cat'':6,7C,4A ''rat'' ''rat'':4,12,9A ''dog'''::tsvector, 'C', '{cat,rat}')",
    "'cat':4C,6C,7C 'dog' 'rat':4C,9C,12C",
  ],
  [
    "ts_headline('english', 'foo-bar, e-mail, 3.5', to_tsquery('english', 'supernova'), 'HighlightAll=true')",
    'foo-bar, e-mail, 3.5',
  ],
  [
    "'''blue'':9C ''run'':6D,8A'::tsvector || '''blue'':6B ''cat'' ''dog'' ''run'':11A,3A,1C ''cat'':6C,4 ''run'':9,10,3'::tsvector",
    "'blue':9C,15B 'cat':13,15C 'dog' 'run':6,8A,10C,12A,18,19,20A",
  ],
  ["tsvector_to_array(''::tsvector)", '{}'],
  ["'''run'':*'::tsquery || '(''e-mail'':CD & ''star'':CD)'::tsquery", "'run':* | 'e-mail':CD & 'star':CD"],
  ["length('''e-mail'''::tsvector)", '1'],
  ["numnode('''blue'':*AB'::tsquery)", '1'],
  [
    "ts_headline('english', 'cat x2 a 3.5 of supernova stars x2 12 ran ran', to_tsquery('english', '!rat:*&runs&!e-mail:*'), 'HighlightAll=true')",
    'cat x2 a 3.5 of supernova stars x2 12 ran ran',
  ],
  ["to_tsquery('english', 'rat&!Blue:*')", "'rat' & !'blue':*"],
  ["tsvector_to_array('''moon'':5 ''star'':10,9A ''run'':7D ''moon'':6D'::tsvector)", '{moon,run,star}'],
  ["'''star'''::tsquery && '''it''''s'':*AB'::tsquery", "'star' & 'it''s':*AB"],
  ["length('''star'''::tsvector)", '1'],
  [
    'jsonb_to_tsvector(\'english\', \'{"a": "The Cats", "bears": ["runs", 1.50, true, null], "c": {"d": "dogs of"}}\'::jsonb, \'"boolean"\')',
    "'true':1",
  ],
  ["tsvector_to_array(''::tsvector)", '{}'],
  ["ts_rank(''::tsvector, '''run'':A'::tsquery, 23)", '0'],
  ["!! '''blue'''::tsquery", "!'blue'"],
  [
    "ts_rank_cd('''cat'':2,9 ''moon'':10D,6 ''run'':7B,5,2 ''moon'':5,9B ''cat'':4C,4D,10B'::tsvector, '''moon'':*AB'::tsquery, 19)",
    '0.007316902',
  ],
  [
    "ts_rank('{0.1,0.3,0.5,0.9}'::float4[], to_tsvector('english', 'running, ran, of'), to_tsquery('english', 'rat'))",
    '0',
  ],
  ["length('''star'' ''star'':10A,4A ''star'':5D,11 ''moon'':3D,8A'::tsvector)", '2'],
  [
    "ts_headline('english', 'a Blue ran cats rat e-mail stars x2 supernova e-mail stars Blue', to_tsquery('english', 'cats:A'))",
    'a Blue ran <b>cats</b> rat e-mail stars x2 supernova e-mail stars Blue',
  ],
];

/** Words and their stems. */
export const stemCases: readonly string[] = [
  'cats:cat running:run runs:run ran:ran easily:easili skies:sky dying:die generously:generous communication:communic',
  'arsenal:arsenal hopping:hop hoped:hope falling:fall added:add off: relational:relat conditional:condit rational:ration',
  'valency:valenc hesitancy:hesit digitizer:digit conformably:conform radically:radic differently:differ vilely:vile analogously:analog vietnamization:vietnam',
  'predication:predic operator:oper feudalism:feudal decisiveness:decis hopefulness:hope callousness:callous formality:formal sensitivity:sensit sensibility:sensibl',
  'triplicate:triplic formative:format formalize:formal electricity:electr electrical:electr hopeful:hope goodness:good revival:reviv allowance:allow',
  'inference:infer airliner:airlin gyroscopic:gyroscop adjustable:adjust defensible:defens irritant:irrit replacement:replac adjustment:adjust dependent:depend',
  'adoption:adopt communism:communism activate:activ angularity:angular homologous:homolog effective:effect bowdlerize:bowdler probate:probat rate:rate',
  'cease:ceas controlling:control rolling:roll yes:yes youth:youth boyish:boyish sayings:say cry:cri crying:cri',
  'cried:cri tied:tie ties:tie agreed:agre agreedly:agre proceed:proceed succeed:succeed inning:inning news:news',
  'howe:howe atlas:atlas by: say:say fluently:fluentli knackeries:knackeri sulfur:sulfur ugly:ugli only:',
  'early:earli gently:gentl singly:singl idly:idl fitting:fit luxuriated:luxuri troubled:troubl sized:size tanned:tan',
  'fizzed:fizz failing:fail filing:file happy:happi enjoy:enjoy knightly:knight quickly:quick sevenths:seventh geology:geolog',
  'theological:theolog apologies:apolog nationally:nation vitalization:vital',
];
