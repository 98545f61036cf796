/** Odd texts, queries and headlines, drawn at random, with PostgreSQL 18's answers. */

export const textCases: readonly (readonly [expression: string, value: string])[] = [
  ["to_tsvector('english','http://a -a x.yC++日本語ａｂ')::text", "'x.yc':3 '日本語ａｂ':4"],
  ["to_tsvector('simple',';>[] the')::text", "'the':1"],
  ["to_tsvector('simple','/usr/local/biń v1.2.3')::text", "'/usr/local/bin':1 'v1.2.3':2"],
  [
    "plainto_tsquery('simple','&#12x; user+tag@host.co.uk 1..2+.5')::text",
    "'12x' & 'user' & 'tag@host.co.uk' & '1' & '2' & '5'",
  ],
  [
    "to_tsvector('simple','./ymailto:a@b.c http://a.bfoo\n -.5 ')::text",
    "'./ymailto':1 '5':5 'a':2 'a.bfoo':4 'b.c':3",
  ],
  ["plainto_tsquery('simple','<Running ไทย :// v1.2.3$x </ ')::text", "'running' & 'ไทย' & 'v1.2.3' & 'x'"],
  [
    "to_tsvector('simple','>a.@b.cmailto:a@b.c~exa_mple.com 100% -./y ')::text",
    "'/y':7 '100':6 'a':1,3 'b.c':4 'b.cmailto':2 '~exa_mple.com':5",
  ],
  [
    "(select string_agg(tokid||'~'||token,'|') from ts_parse('default','www.a.b/c?dwww. <script>x</script> ~example.com</exa_mple.com '))",
    '19~www.a.b/c|12~?|1~dwww|12~. |13~<script>|12~x|13~</script>|12~ ~|6~example.com|12~<|19~/exa_mple.com|12~ ',
  ],
  ["to_tsvector('simple','1.')::text", "'1':1"],
  [
    "phraseto_tsquery('english','1.5example.coma_b.c x.y )-Ünï-cödé ')::text",
    "'1.5example.coma' <-> 'b.c' <-> 'x.y' <-> 'ünï-cödé' <-> 'ünï' <-> 'cödé'",
  ],
  [
    "phraseto_tsquery('english','-1.5E+3well-knownhttp ~/z   <b')::text",
    "'-1.5e+3' <-> 'well-knownhttp' <-> 'well' <-> 'knownhttp' <-> '/z' <-> 'b'",
  ],
  [
    "to_tsvector('simple','< <br/> 日本語-1.5E+3 http://a.b>http://a')::text",
    "'-1.5e+3':2 'a':4 'a.b':3 '日本語':1",
  ],
  ["websearch_to_tsquery('english','/ &a')::text", ''],
  ["(select string_agg(tokid||'~'||token,'|') from ts_parse('default','_/a.1'))", '12~_|19~/a.1'],
  [
    "(select string_agg(tokid||'~'||token,'|') from ts_parse('default','&#xAF; ?q=1&r=2+3-1.5E+3ftp://a.b/c'))",
    '23~&#xAF;|12~ ?|1~q|12~=|22~1|12~&|1~r|12~=|22~2|21~+3|7~-1.5E+3|14~ftp://|19~a.b/c',
  ],
  ["to_tsvector('english','0x1F:// _')::text", "'0x1f':1"],
  ["(select string_agg(tokid||'~'||token,'|') from ts_parse('default','! ./yv1.2.3'))", '12~! .|19~/yv1.2.3'],
  ["websearch_to_tsquery('english','é12-34 ')::text", "'é12' <-> '-34'"],
  [
    "(select string_agg(tokid||'~'||token,'|') from ts_parse('default','한국어日本語 1..2foo/bar/baz ='' '))",
    "2~한국어日本語|12~ |22~1|12~..|19~2foo/bar/baz|12~ =' ",
  ],
  [
    "to_tsvector('simple','__init__ привет&foo[]a<?xml?> 한국어 ')::text",
    "'a':4 'foo':3 'init':1 'привет':2 '한국어':5",
  ],
  ["to_tsvector('english','a..b ) <a.b.c.d&a1;a.b:80/c ')::text", "'80/c':5 'a.b':4 'a.b.c.d':3 'b':2"],
  [
    "phraseto_tsquery('english','foo_bara-a&#12x; file.txt ')::text",
    "'foo' <-> 'bara-a' <-> 'bara' <2> '12x' <-> 'file.txt'",
  ],
  ["to_tsvector('simple','+.5the  | a@b.c.<style>1e10ǅ')::text", "'5the':1 'a':2 'b.c':3"],
  [
    "plainto_tsquery('simple','?q=1&r=2‍ <b> user+tag@host.co.uk   ')::text",
    "'q' & '1' & 'r' & '2‍' & 'user' & 'tag@host.co.uk'",
  ],
  ["phraseto_tsquery('english','Straße ! a/b/usr/local/bin')::text", "'straße' <-> 'a/b/usr/local/bin'"],
  ["(select string_agg(tokid||'~'||token,'|') from ts_parse('default','[]٣'))", '12~[]|2~٣'],
  [
    "to_tsvector('simple','a.b.c.d www. >1.x-y../x🙂')::text",
    "'../x':7 '1':3 'a.b.c.d':1 'www':2 'x':5 'x-y':4 'y':6",
  ],
  ["(select string_agg(tokid||'~'||token,'|') from ts_parse('default','` a-   '))", '12~` |1~a|12~-   '],
  [
    "to_tsvector('simple','ไทย-a+ mailto:a@b.c ǅ 1.5</ index.html')::text",
    "'1.5':8 'a':3,5 'b.c':6 'index.html':9 'mailto':4 'ǆ':7 'ไทย':2 'ไทย-a':1",
  ],
  ["to_tsvector('english','-a ` ')::text", ''],
  [
    "plainto_tsquery('simple','httphttp://a.bfoo_bar \n<a>x<b>+3 a-b@c.d')::text",
    "'a.bfoo' & 'bar' & 'x' & '+3' & 'a-b' & 'a' & 'b' & 'c.d'",
  ],
  ["phraseto_tsquery('english','192.168.0.1 ½+3 a.1&#123;')::text", "'192.168.0.1' <-> '+3' <-> 'a.1'"],
  ["phraseto_tsquery('english','a.b?x')::text", "'a.b' <-> 'x'"],
  ["to_tsvector('simple','@ O''Neil a.b.c.dé')::text", "'a.b.c.d':3 'neil':2 'o':1 'é':4"],
  [
    "to_tsvector('english','a-b@c.d_ the<a < b> abc-12 don''t')::text",
    "'-12':9 'a-b':1 'abc':8 'b':3,7 'c.d_':4",
  ],
  [
    "(select string_agg(tokid||'~'||token,'|') from ts_parse('default','state-of-the-art '))",
    '16~state-of-the-art|11~state|12~-|11~of|12~-|11~the|12~-|11~art|12~ ',
  ],
  ["phraseto_tsquery('english','1st<b ')::text", "'1st' <-> 'b'"],
  [
    "websearch_to_tsquery('english','-.5½&#12x; &#12x; < &foowell-known')::text",
    "!'5' & '12x' & '12x' & 'foowell-known' <-> 'foowel' <-> 'known'",
  ],
  ["websearch_to_tsquery('english','-1st []__init__` ‍ ')::text", "!'1st' & 'init'"],
  [
    "websearch_to_tsquery('english','<style> =C++` 100%-1.5E+3 12abc)')::text",
    "'style' & 'c' & '100' <-> '-1.5e+3' & '12abc'",
  ],
  ["websearch_to_tsquery('english','a.@b.c ')::text", "'b.c'"],
  [
    "(select string_agg(tokid||'~'||token,'|') from ts_parse('default','&a1; state-of-the-art::1+ a.b/C#a.b-c.d'))",
    '23~&a1;|12~ |16~state-of-the-art|11~state|12~-|11~of|12~-|11~the|12~-|11~art|12~::|22~1|12~+ |19~a.b/C|12~#|19~a.b-c.d',
  ],
  ["phraseto_tsquery('english','1-a~<style>1E5x-12user+tag@host.co.uk')::text", "'1'"],
  [
    "websearch_to_tsquery('english','/usr/local/bin +3٣ 1.2.3index.html')::text",
    "'/usr/local/bin' & '+3' <-> '٣' & '1.2.3index.html'",
  ],
  ["to_tsvector('simple',',')::text", ''],
  [
    "(select string_agg(tokid||'~'||token,'|') from ts_parse('default','=1e ):8080 ) {} '))",
    '12~=|3~1e|12~ ):|22~8080|12~ ) {} ',
  ],
  ["to_tsvector('simple','index.htmlhttp://a.b ')::text", "'/a.b':2 'index.htmlhttp':1"],
  [
    "(select string_agg(tokid||'~'||token,'|') from ts_parse('default','1st__init__ a.@b.c İfile.txt# '))",
    '3~1st|12~__|1~init|12~__ |1~a|12~.@|19~b.c|12~ |2~İfile|12~.|1~txt|12~# ',
  ],
  ["phraseto_tsquery('english','<!DOCTYPE a> ')::text", ''],
  ["to_tsvector('simple','हिन्दीC++../xa-1')::text", "'/xa-1':2 'हिन्दीc':1"],
  ["phraseto_tsquery('english','\\ ')::text", ''],
  ["phraseto_tsquery('english','cats\n+ ')::text", "'cat'"],
  ["phraseto_tsquery('english','foo_bar')::text", "'foo' <-> 'bar'"],
  [
    "websearch_to_tsquery('english','<a href=\"x\"> 한국어 !\\ 12abcfoo/bar/baz ./y   ')::text",
    "'href' & 'x' & '한국어' & '12abcfoo/bar/baz' & './y'",
  ],
  ["to_tsvector('simple','-- http://a हिन्दी  &lt{} ')::text", "'a':1 'lt':3 'हिन्दी':2"],
  ["plainto_tsquery('simple','\\ 1E5x192.168.0.1ǅ the ‍ ')::text", "'1e5' & 'x192.168.0.1' & 'ǆ' & 'the'"],
  ["plainto_tsquery('simple','x.y ')::text", "'x.y'"],
  [
    "phraseto_tsquery('english','<!-- c -->index.html ~/z http:// -12')::text",
    "'index.html' <-> '/z' <-> '-12'",
  ],
  ["to_tsvector('simple','@ 12abc<b --[] http://index.html {}')::text", "'12abc':1 'b':2 'index.html':3"],
  [
    "(select string_agg(tokid||'~'||token,'|') from ts_parse('default','foo/bar/baz& '))",
    '19~foo/bar/baz|12~& ',
  ],
  ["phraseto_tsquery('english','a-b@c.d Running /')::text", "'a-b' <2> 'b' <-> 'c.d' <-> 'run'"],
  ["to_tsvector('english','<!DOCTYPE a><br/>?q=1&r=2')::text", "'1':2 '2':4 'q':1 'r':3"],
  [
    "(select string_agg(tokid||'~'||token,'|') from ts_parse('default','` &amp; أحمد '))",
    '12~` |23~&amp;|12~ |2~أحمد|12~ ',
  ],
  [
    "(select string_agg(tokid||'~'||token,'|') from ts_parse('default','</ `Ünï-cödé1.2e3.4~ ://=| '))",
    '12~<|12~/ `|15~Ünï-cödé1|10~Ünï|12~-|9~cödé1|12~.|7~2e3|12~.|22~4|12~~ :|12~/|12~/=| ',
  ],
  ["phraseto_tsquery('english','&a1; < b>🙂 ')::text", "'b'"],
  [
    "websearch_to_tsquery('english','>\texa_mple.comfile.txt./yé‍http')::text",
    "'exa_mple.comfile.txt' <-> './y' <-> 'é‍http'",
  ],
  ["plainto_tsquery('simple','\t | a@1.2한국어http://a.b   ')::text", "'a' & '1.2' & '한국어http' & '/a.b'"],
  [
    "(select string_agg(tokid||'~'||token,'|') from ts_parse('default','foo index.html ./y a.b.c.d - -a ²'))",
    '1~foo|12~ |6~index.html|12~ .|19~/y|12~ |19~a.b.c.d|12~ |12~- |12~-|1~a|12~ ²',
  ],
  ["to_tsvector('english','mailto:a@b.c')::text", "'b.c':3 'mailto':1"],
  [
    "websearch_to_tsquery('english','< foo@bar.com example.com &amp;user+tag@host.co.uk<script>x</script> ')::text",
    "'foo@bar.com' & 'example.com' & 'amp' <-> 'user' <-> 'tag@host.co.uk' & 'script' <-> 'x' & '/script'",
  ],
  ["phraseto_tsquery('english','<br/>')::text", ''],
  ["phraseto_tsquery('english','<a1E5xहिन्दीİ ‍cats * http://')::text", "'a1e5xहिन्दीi' <-> 'cat'"],
  ["to_tsvector('simple','a.b.c.d100% ')::text", "'a.b.c.d100':1"],
  ["phraseto_tsquery('english','&1;أحمد')::text", "'1' <-> 'أحمد'"],
  [
    "(select string_agg(tokid||'~'||token,'|') from ts_parse('default','&a1; 12abc'))",
    '23~&a1;|12~ |3~12abc',
  ],
  [
    "websearch_to_tsquery('english','أحمد /a http:// http://a -a&#xAF;')::text",
    "'أحمد' & '/a' & 'http' & 'http' & '/a' & 'xaf'",
  ],
  ["to_tsvector('english','ａｂ <!-- c --> ')::text", "'ａｂ':1"],
  ["plainto_tsquery('simple','. cats a')::text", "'cats' & 'a'"],
  ["websearch_to_tsquery('english','²&1ethea1b2½日本語 ')::text", "'1ethea1b2' <-> '日本語'"],
  ["to_tsvector('simple','-12 &lt')::text", "'-12':1 'lt':2"],
  [
    "(select string_agg(tokid||'~'||token,'|') from ts_parse('default','http://a.b <b'))",
    '14~http://|19~a.b|12~ |12~<|1~b',
  ],
  ["websearch_to_tsquery('english','./y')::text", "'./y'"],
  [
    "(select string_agg(tokid||'~'||token,'|') from ts_parse('default','a_b@c_d.e 1@b.c </b>/ '))",
    '1~a|12~_|1~b|12~@|1~c|12~_|19~d.e|12~ |22~1|12~@|19~b.c|12~ |13~</b>|12~/ ',
  ],
  ["to_tsvector('english','@100%1e@')::text", "'100':1 '1e':2"],
  ["to_tsvector('english','é <b>Straßeé1.5 ; .www. ')::text", "'straßeé1.5':2 'www':3 'é':1"],
  ["to_tsvector('english','1e10<br/> ²& a@1.2 index.html')::text", "'1.2':3 '1e10':1 'index.html':4"],
  [
    "websearch_to_tsquery('english','été index.html&#xAF;<b½ http://a')::text",
    "'été' & 'index.html' & 'xaf' & 'b' & 'http' & '/a'",
  ],
  ["to_tsvector('english','; /a O''Neilहिन्दी <style>')::text", "'/a':1 'neilहिन्दी':3 'o':2"],
  ["to_tsvector('simple','ａｂ 1@b.c')::text", "'1':2 'b.c':3 'ａｂ':1"],
  ["websearch_to_tsquery('english','<a1.5 -1.5E+3 !')::text", "'a1.5' & !'1.5e+3'"],
  [
    "to_tsquery('english','éte:AB <0> (running) <0> of & foo-bar')::text",
    "'éte':AB <0> 'run' & 'foo-bar' <-> 'foo' <-> 'bar'",
  ],
  [
    "(strip(to_tsvector('english','1.5 fish fish dog fish . éte a ')) @@ to_tsquery('english','a | (a@b.c)'))::text",
    'false',
  ],
  [
    "ts_rank('{0.1,0.2,0.4,1}',setweight(to_tsvector('english','bird cats a@b.c '),'B')||to_tsvector('simple','cat dog'), to_tsquery('english','the'),3)::text",
    '0',
  ],
  ["querytree(to_tsquery('english','dog & !dog:A <2> running'))", "'dog' & 'run'"],
  [
    "(to_tsvector('english','a a small foo-bar cat bird ') @@ to_tsquery('english','x-y & cats <-> a | 1.5:AB <0> éte:A'))::text",
    'false',
  ],
  [
    "ts_rank('{0.1,0.2,0.4,1}',setweight(to_tsvector('english','big small of '),'B')||to_tsvector('simple','cat dog'), to_tsquery('english','!foo-bar & cat:D <-> foo-bar'),18)::text",
    '1.0766914e-21',
  ],
  ["to_tsquery('simple','x-y')::text", "'x-y' <-> 'x' <-> 'y'"],
  ["ts_rank(to_tsvector('english','fish '), to_tsquery('english','a'))::text", '0'],
  [
    "(strip(to_tsvector('english','éte mat éte run small 1.5 ')) @@ to_tsquery('english','(of)'))::text",
    'false',
  ],
  [
    "(strip(to_tsvector('english','1.5 the small run 1.5 run small ')) @@ to_tsquery('english','(éte)'))::text",
    'false',
  ],
  ["(to_tsvector('english','cat . on a@b.c dog ') @@ to_tsquery('english','1.5'))::text", 'false'],
  ["(to_tsvector('english','very 1.5 cats 1.5 ') @@ to_tsquery('english','running'))::text", 'false'],
  ["(websearch_to_tsquery('english','dog')::text)", "'dog'"],
  ["to_tsquery('simple','(foo-bar)')::text", "'foo-bar' <-> 'foo' <-> 'bar'"],
  ["(websearch_to_tsquery('english','((the))')::text)", ''],
  [
    "(to_tsvector('english','x-y cat running a@b.c a sat fish ') @@ to_tsquery('english','(cats:A)'))::text",
    'false',
  ],
  [
    "ts_rank(to_tsvector('english','small '), to_tsquery('english','(a@b.c) <-> !dog:* & (a@b.c:A) <2> x-y'))::text",
    '1e-20',
  ],
  ["(websearch_to_tsquery('english','!(foo-bar)')::text)", "'foo-bar' <-> 'foo' <-> 'bar'"],
  ["(websearch_to_tsquery('english','1.5')::text)", "'1.5'"],
  [
    "ts_rank('{0.1,0.2,0.4,1}',setweight(to_tsvector('english','the running the fish http://a.b/c sat http://a.b/c éte '),'B')||to_tsvector('simple','cat dog'), to_tsquery('english','(!a@b.c & dog)'),33)::text",
    '3.1546488e-21',
  ],
  [
    "(strip(to_tsvector('english','very ')) @@ to_tsquery('english','dog <2> x-y <-> x-y <2> a <2> foo-bar'))::text",
    'false',
  ],
  [
    "ts_rank('{0.1,0.2,0.4,1}',setweight(to_tsvector('english','http://a.b/c dog mat fish '),'B')||to_tsvector('simple','cat dog'), to_tsquery('english','cat'),29)::text",
    '0.0016754441',
  ],
  ["to_tsquery('english','of')::text", ''],
  ["to_tsquery('simple','a@b.c:AB')::text", "'a':AB <-> 'b.c':AB"],
  [
    "ts_rank('{0.1,0.2,0.4,1}',setweight(to_tsvector('english','fish on on dog small sat '),'B')||to_tsvector('simple','cat dog'), to_tsquery('english','the:*C'),45)::text",
    '0',
  ],
  ["to_tsquery('english','a@b.c')::text", "'b.c'"],
  [
    "querytree(to_tsquery('english','(éte <0> cats <-> foo-bar)'))",
    "'éte' <0> 'cat' <-> ( 'foo-bar' <-> 'foo' <-> 'bar' )",
  ],
  [
    "ts_rank(to_tsvector('english','éte cat a small running mat '), to_tsquery('english','(run) & a@b.c | (foo-bar:A)'))::text",
    '0.012158542',
  ],
  ["to_tsquery('simple','1.5')::text", "'1.5'"],
  ["to_tsquery('english','dog <-> éte')::text", "'dog' <-> 'éte'"],
  ["ts_rank_cd(to_tsvector('english','x-y éte cat . '), to_tsquery('english','the:AB'),63)::text", '0'],
  [
    "(strip(to_tsvector('english','1.5 a@b.c ')) @@ to_tsquery('english','(dog:AB <0> the) | x-y'))::text",
    'false',
  ],
  [
    "ts_rank_cd(to_tsvector('english','cat '), to_tsquery('english','(run) | (the) <0> cats'),3)::text",
    '0.14426951',
  ],
  ["querytree(to_tsquery('english','1.5'))", "'1.5'"],
  ["to_tsquery('english','(cats:*C)')::text", "'cat':*C"],
  ["(websearch_to_tsquery('english','!cat')::text)", "'cat'"],
  ["to_tsquery('simple','run')::text", "'run'"],
  ["to_tsquery('simple','run')::text", "'run'"],
  ["(to_tsvector('english','sat ') @@ to_tsquery('english','x-y:A'))::text", 'false'],
  ["ts_rank_cd(to_tsvector('english','running bird '), to_tsquery('english','!the | (cats)'),42)::text", '0'],
  [
    "ts_headline('english','cat the run small cats dog small éte ',to_tsquery('english','éte:AB <0> a@b.c:*C <0> of & foo-bar'),'ShortWord=0,MaxWords=6,MinWords=4,StartSel=\"<<\",StopSel=\">>\"')",
    'cat the run small',
  ],
  [
    "ts_headline('english','cats mat x-y of dog ',to_tsquery('english','!dog:A <2> running'),'MaxFragments=3,MaxWords=5,MinWords=2,FragmentDelimiter=@@')",
    'cats mat',
  ],
  [
    "ts_headline('english','run x-y x-y dog cats run very http://a.b/c éte a a small foo-bar cat bird running dog . very ',to_tsquery('english','foo-bar'),'MaxFragments=2')",
    'cats run very http://a.b/c éte a a small <b>foo</b>-<b>bar</b> cat bird running dog . very',
  ],
  [
    "ts_headline('english','foo-bar on of on the mat of cat a@b.c a mat http://a.b/c x-y the éte cats foo-bar éte éte foo-bar bird a cats bird running cats x-y ',to_tsquery('english','run:A'),'MaxFragments=2')",
    'a.b/c x-y the éte cats foo-bar éte éte foo-bar bird a cats bird <b>running</b> cats',
  ],
  [
    "ts_headline('english','1.5 bird dog 1.5 1.5 a the sat cat . on a@b.c dog very éte of 1.5 small fish run 1.5 fish cat small running big big cat dog ',to_tsquery('english','(éte) <0> !run'),'MaxFragments=3,MaxWords=5,MinWords=2,FragmentDelimiter=@@')",
    'very <b>éte</b> of 1.5 small',
  ],
  [
    "ts_headline('english','foo-bar bird mat http://a.b/c fish éte éte the éte foo-bar a of foo-bar http://a.b/c running a@b.c 1.5 very the cat mat bird mat http://a.b/c x-y of éte dog a ',to_tsquery('english','éte'),'ShortWord=0,MaxWords=6,MinWords=4,StartSel=\"<<\",StopSel=\">>\"')",
    '<<éte>> <<éte>> the <<éte>>',
  ],
  [
    "ts_headline('english','. 1.5 a fish sat cats bird on 1.5 dog big running cats very bird 1.5 a@b.c cats http://a.b/c the big mat very of foo-bar 1.5 ',to_tsquery('english','(a@b.c) <-> !dog:*'),'MaxFragments=2')",
    'fish sat cats bird on 1.5 <b>dog</b> big running cats very bird 1.5 a@<b>b.c</b> cats http://a.b/c the big mat very',
  ],
  [
    "ts_headline('english','cats éte éte x-y cat of the a@b.c éte very 1.5 http://a.b/c the running the fish http://a.b/c sat http://a.b/c éte sat on cat of . a on x-y ',to_tsquery('english','1.5 <-> run:D'),'MaxWords=10,MinWords=3')",
    'cats éte éte',
  ],
  ["ts_headline('english','very a@b.c small ',to_tsquery('english','!a <2> foo-bar'))", 'very a@b.c small '],
  [
    "ts_headline('english','mat fish on on small . x-y fish small foo-bar http://a.b/c run big the x-y fish cats 1.5 sat foo-bar cat mat run running ',to_tsquery('english','((running))'))",
    '<b>run</b> big the x-y fish cats 1.5 sat foo-bar cat mat <b>run</b> <b>running</b>',
  ],
  [
    "ts_headline('english','dog sat mat cats running 1.5 mat a cats cats éte . foo-bar foo-bar a@b.c cat running éte http://a.b/c small cat cat sat big ',to_tsquery('english','(of)'))",
    'dog sat mat cats running 1.5 mat a cats cats éte . foo-bar foo-bar',
  ],
  [
    "ts_headline('english','sat a bird big 1.5 http://a.b/c cat a@b.c mat http://a.b/c on the 1.5 running cats cats . of x-y . fish sat cats 1.5 sat a ',to_tsquery('english','foo-bar'),'HighlightAll=true')",
    'sat a bird big 1.5 http://a.b/c cat a@b.c mat http://a.b/c on the 1.5 running cats cats . of x-y . fish sat cats 1.5 sat a ',
  ],
  [
    "ts_headline('english','running éte cat sat the on x-y . sat a big sat bird bird bird éte small . a@b.c . of éte run running running the a@b.c bird a@b.c dog ',to_tsquery('english','the | cat:D & the'),'MaxFragments=3,MaxWords=5,MinWords=2,FragmentDelimiter=@@')",
    'running éte <b>cat</b>',
  ],
  [
    "ts_headline('english','very a dog very run of run run running the http://a.b/c cats mat fish a cat éte foo-bar x-y éte cat . small ',to_tsquery('english','1.5'),'HighlightAll=true')",
    'very a dog very run of run run running the http://a.b/c cats mat fish a cat éte foo-bar x-y éte cat . small ',
  ],
  [
    "ts_headline('english','the bird running foo-bar éte a big foo-bar running a mat bird éte dog cat cats http://a.b/c mat running a cats ',to_tsquery('english','(foo-bar) | !cat'),'MaxWords=10,MinWords=3')",
    '<b>foo</b>-<b>bar</b> éte',
  ],
  [
    "ts_headline('english','on ',to_tsquery('english','a:*'),'MaxFragments=3,MaxWords=5,MinWords=2,FragmentDelimiter=@@')",
    'on ',
  ],
  [
    "ts_headline('english','a@b.c a http://a.b/c cats small the on . éte running fish very very running of x-y of a@b.c foo-bar of ',to_tsquery('english','!1.5 <2> dog'))",
    'a@b.c a http://a.b/c cats small the on . éte running fish very very running',
  ],
  [
    "ts_headline('english','running bird bird fish running fish 1.5 ',to_tsquery('english','!the | a:*C'),'MaxFragments=2')",
    'running bird bird fish running fish 1.5 ',
  ],
  [
    "ts_headline('english','on small run on very a big cats foo-bar bird http://a.b/c mat x-y fish http://a.b/c big of x-y éte running a@b.c small 1.5 the very ',to_tsquery('english','run'),'MaxFragments=2')",
    'small <b>run</b> on very a big cats foo-bar bird http://a.b/c mat x-y fish http://a.b/c big of x-y éte <b>running</b> a@b.c small 1.5 the very',
  ],
  [
    "ts_headline('english','of mat 1.5 . fish of a@b.c 1.5 running cats sat bird dog run dog http://a.b/c . dog very http://a.b/c fish éte run . foo-bar sat dog ',to_tsquery('english','cats'),'MaxFragments=3,MaxWords=5,MinWords=2,FragmentDelimiter=@@')",
    'running <b>cats</b> sat bird',
  ],
  [
    "ts_headline('english','foo-bar 1.5 mat very sat of run a a@b.c éte éte http://a.b/c of fish 1.5 foo-bar ',to_tsquery('english','1.5:AB'),'MaxWords=10,MinWords=3')",
    '<b>1.5</b> mat very',
  ],
  [
    "ts_headline('english','fish big cats sat cats dog bird http://a.b/c cats sat on the a@b.c mat . a@b.c ',to_tsquery('english','cats & (éte)'),'HighlightAll=true')",
    'fish big <b>cats</b> sat <b>cats</b> dog bird http://a.b/c <b>cats</b> sat on the a@b.c mat . a@b.c ',
  ],
  ["ts_headline('english','sat . foo-bar a ',to_tsquery('english','((éte))'))", 'sat . foo-bar a '],
  [
    "ts_headline('english','sat foo-bar . foo-bar dog foo-bar sat bird small x-y of a@b.c the x-y very of of foo-bar bird running running cat small big a@b.c ',to_tsquery('english','1.5:A'),'ShortWord=0,MaxWords=6,MinWords=4,StartSel=\"<<\",StopSel=\">>\"')",
    'sat foo-bar . foo',
  ],
  [
    "ts_headline('english','mat foo-bar éte small running 1.5 http://a.b/c running cat big x-y a@b.c cat a@b.c éte mat . fish http://a.b/c foo-bar fish dog éte ',to_tsquery('english','(the)'),'HighlightAll=true')",
    'mat foo-bar éte small running 1.5 http://a.b/c running cat big x-y a@b.c cat a@b.c éte mat . fish http://a.b/c foo-bar fish dog éte ',
  ],
  [
    "ts_headline('english','http://a.b/c 1.5 ',to_tsquery('english','1.5:A | (run)'),'MaxWords=10,MinWords=3')",
    'http://a.b/c <b>1.5</b> ',
  ],
  [
    "ts_headline('english','very very sat run 1.5 run . cats 1.5 fish dog the run bird bird a sat éte ',to_tsquery('english','run & of <0> run'),'ShortWord=0,MaxWords=6,MinWords=4,StartSel=\"<<\",StopSel=\">>\"')",
    '<<run>> 1.5 <<run>>',
  ],
  [
    "ts_headline('english','running éte mat x-y cats bird running sat http://a.b/c small mat big run a@b.c mat on foo-bar on run http://a.b/c éte http://a.b/c éte . sat ',to_tsquery('english','cat:AB <-> dog & dog'),'MaxFragments=2')",
    'running éte mat x-y <b>cats</b> bird running sat http://a.b/c small mat big run',
  ],
  [
    "ts_headline('english','cat the a@b.c sat cat foo-bar run a x-y very of mat x-y a@b.c a bird very a a@b.c éte . the a ',to_tsquery('english','(foo-bar:AB & dog)'),'ShortWord=0,MaxWords=6,MinWords=4,StartSel=\"<<\",StopSel=\">>\"')",
    'cat the a@b.c',
  ],
  [
    "ts_headline('english','mat ',to_tsquery('english','!x-y:AB <2> run'),'MaxFragments=3,MaxWords=5,MinWords=2,FragmentDelimiter=@@')",
    'mat ',
  ],
  [
    "ts_headline('english','sat big a ',to_tsquery('english','(of) <-> a@b.c'),'MaxFragments=3,MaxWords=5,MinWords=2,FragmentDelimiter=@@')",
    'sat big',
  ],
  [
    "ts_headline('english','1.5 dog run a@b.c a bird on on sat of ',to_tsquery('english','!cats <2> cats'),'MaxWords=10,MinWords=3')",
    '1.5 dog run',
  ],
  [
    "ts_headline('english','cats . . run http://a.b/c ',to_tsquery('english','(x-y <-> cats)'),'MaxFragments=3,MaxWords=5,MinWords=2,FragmentDelimiter=@@')",
    '<b>cats</b> . . run',
  ],
  [
    "ts_headline('english','mat very a@b.c big small fish running ',to_tsquery('english','1.5 <-> !a'),'HighlightAll=true')",
    'mat very a@b.c big small fish running ',
  ],
  [
    "ts_headline('english','dog of foo-bar mat fish dog on run bird ',to_tsquery('english','(the) <0> cats:*'),'MaxFragments=2')",
    'dog of foo-bar mat fish dog on run bird ',
  ],
  [
    "ts_headline('english','http://a.b/c bird a mat small a . ',to_tsquery('english','running:*'),'MaxFragments=2')",
    'http://a.b/c bird a mat small a . ',
  ],
  [
    "ts_headline('english','x-y http://a.b/c http://a.b/c cats x-y éte x-y a@b.c ',to_tsquery('english','cats'),'MaxWords=10,MinWords=3')",
    '<b>cats</b> x-y éte',
  ],
  [
    "ts_headline('english','a@b.c run 1.5 . run . http://a.b/c the cat big cats foo-bar the on bird bird of 1.5 mat cats éte mat sat foo-bar fish x-y on . http://a.b/c foo-bar ',to_tsquery('english','dog:D & !éte:*C'),'HighlightAll=true')",
    'a@b.c run 1.5 . run . http://a.b/c the cat big cats foo-bar the on bird bird of 1.5 mat cats <b>éte</b> mat sat foo-bar fish x-y on . http://a.b/c foo-bar ',
  ],
  ["ts_headline('english','of mat ',to_tsquery('english','(1.5 & dog)'),'HighlightAll=true')", 'of mat '],
  [
    "ts_headline('english','a@b.c run cats cat fish a@b.c x-y the éte cats sat the bird the cats foo-bar on on 1.5 ',to_tsquery('english','running:*C <-> cat'))",
    '<b>run</b> <b>cats</b> <b>cat</b> fish a@b.c x-y the éte <b>cats</b> sat the bird the <b>cats</b>',
  ],
  [
    "ts_headline('english','cat a x-y of small cats big dog the dog big 1.5 a on cat cat fish fish a@b.c éte . ',to_tsquery('english','(x-y <2> dog)'),'MaxFragments=2')",
    'cat a <b>x</b>-<b>y</b> of small cats big <b>dog</b> the <b>dog</b> big 1.5 a on',
  ],
  [
    "ts_headline('english','. . the on small of a@b.c small of foo-bar small the run bird ',to_tsquery('english','a@b.c'),'ShortWord=0,MaxWords=6,MinWords=4,StartSel=\"<<\",StopSel=\">>\"')",
    '<<b.c>> small of foo',
  ],
  [
    "ts_headline('english','sat small cats 1.5 very small on http://a.b/c sat running fish éte mat 1.5 cats 1.5 cats bird ',to_tsquery('english','1.5 <0> the:A | dog <2> run:*'))",
    '<b>1.5</b> very small on http://a.b/c sat <b>running</b> fish éte mat <b>1.5</b> cats <b>1.5</b> cats',
  ],
  [
    "ts_headline('english','fish sat x-y cats x-y the bird run a@b.c foo-bar éte ',to_tsquery('english','cat & of & (a)'),'MaxFragments=3,MaxWords=5,MinWords=2,FragmentDelimiter=@@')",
    '<b>cats</b> x-y the bird',
  ],
  [
    "ts_headline('english','a éte éte x-y big ',to_tsquery('english','((foo-bar:D))'),'HighlightAll=true')",
    'a éte éte x-y big ',
  ],
];
