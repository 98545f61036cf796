-- Lookaround and back references, as PostgreSQL finds them.
SELECT 'bbbbb' ~ '^([bc])\1*$', 'bbc' ~ '^([bc])\1*$', 'abc abc abc' ~ '^(\w+)( \1)+$', 'abc abc abcd' ~ '^(\w+)( \1)+$';
--> t | f | t | f
SELECT regexp_replace('aabbcc', '(.)\1', '<\1>', 'g'), regexp_split_to_array('a11b22c', '(\d)\1'), substring('abab' from '^(..)\1$');
--> <a><b><c> | {a,b,c} | ab
SELECT regexp_matches('abc', 'a(?=b)b*(?=c)c*'), regexp_match('ab', 'a(?!b)b*'), regexp_match('a', 'a(?!b)b*');
--> {abc} | NULL | {a}
SELECT regexp_match('abc', 'a(?<=a)b*(?<=b)c*'), regexp_match('ab', '(?<=a)b*'), regexp_match('b', '(?<!a)b');
--> {abc} | {b} | {b}
SELECT regexp_replace('price 1234567', '(\d)(?=(\d{3})+$)', '\1,', 'g'), regexp_replace('abc', '(?<=a)b', 'X');
--> price 1,234,567 | aXc
SELECT 'xz' ~ 'x(?![xy])', 'zyy' ~ '(?<![xy])yy+', 'dd x' ~ '(^(?!aa)(?!bb)(?!cc))+';
--> t | t | t
SELECT 'xyy' ~ 'x(\w)(?=\1)';
--> ERROR 2201B invalid regular expression: invalid backreference number
SELECT 'foo' ~ '(\1)';
--> ERROR 2201B invalid regular expression: invalid backreference number
SELECT 'a' ~ '(?=a)*';
--> ERROR 2201B invalid regular expression: quantifier operand invalid
SELECT 'a' ~ '\x7fffffff', 1;
--> ERROR 2201B invalid regular expression: invalid escape \ sequence
SELECT 'x' ~ 'x|(?:\M)+', E'a\nb' ~ 'a\012b', regexp_match('xb', '(a?)*b');
--> t | t | {""}
SELECT regexp_substr('abbabaab', '(?:[ab]b)*?b+?a?');
--> abb
