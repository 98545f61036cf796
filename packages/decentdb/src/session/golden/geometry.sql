-- Operators, functions and casts of the geometric types. Settings are of one session.
set extra_float_digits = -1;
select point '(-3,4)' + point '(-10,0)';
--> (-13,4)
select point '(-5,-12)' + point '(-5,-12)';
--> (-10,-24)
select point '(-3,4)' - point '(-10,0)';
--> (7,4)
select point '(-5,-12)' - point '(-5,-12)';
--> (0,0)
select point '(-3,4)' * point '(-10,0)';
--> (30,-40)
select point '(-5,-12)' * point '(-5,-12)';
--> (-119,120)
select point '(-3,4)' / point '(-10,0)';
--> (0.3,-0.4)
select point '(-5,-12)' / point '(-5,-12)';
--> (1,0)
select point '(-3,4)' <-> point '(-10,0)';
--> 8.0622577482985
select point '(-5,-12)' <-> point '(-5,-12)';
--> 0
select point '(-3,4)' ~= point '(-10,0)';
--> f
select point '(-5,-12)' ~= point '(-5,-12)';
--> t
select point '(-3,4)' <> point '(-10,0)';
--> t
select point '(-5,-12)' <> point '(-5,-12)';
--> f
select point '(-3,4)' << point '(-10,0)';
--> f
select point '(-5,-12)' << point '(-5,-12)';
--> f
select point '(-3,4)' >> point '(-10,0)';
--> t
select point '(-5,-12)' >> point '(-5,-12)';
--> f
select point '(-3,4)' <<| point '(-10,0)';
--> f
select point '(-5,-12)' <<| point '(-5,-12)';
--> f
select point '(-3,4)' |>> point '(-10,0)';
--> t
select point '(-5,-12)' |>> point '(-5,-12)';
--> f
select point '(-3,4)' <^ point '(-10,0)';
--> f
select point '(-5,-12)' <^ point '(-5,-12)';
--> f
select point '(-3,4)' >^ point '(-10,0)';
--> t
select point '(-5,-12)' >^ point '(-5,-12)';
--> f
select point '(-3,4)' ?- point '(-10,0)';
--> f
select point '(-5,-12)' ?- point '(-5,-12)';
--> t
select point '(-3,4)' ?| point '(-10,0)';
--> f
select point '(-5,-12)' ?| point '(-5,-12)';
--> t
select point '(-3,4)' <-> lseg '[(0,0),(6,6)]';
--> 4.9497474683058
select point '(-5,-12)' <-> lseg '[(1,0),(1,5)]';
--> 13.416407864999
select point '(-3,4)' <@ lseg '[(0,0),(6,6)]';
--> f
select point '(-5,-12)' <@ lseg '[(1,0),(1,5)]';
--> f
select point '(-3,4)' ## lseg '[(0,0),(6,6)]';
--> (0.5,0.5)
select point '(-5,-12)' ## lseg '[(1,0),(1,5)]';
--> (1,0)
select point '(-5,-12)' <= lseg '[(1,0),(1,5)]';
--> ERROR 42883 operator does not exist: point <= lseg
select point '(-3,4)' <-> line '{1,0,5}';
--> 2
select point '(-5,-12)' <-> line '{3,1,2}';
--> 7.9056941504209
select point '(-3,4)' <@ line '{1,0,5}';
--> f
select point '(-5,-12)' <@ line '{3,1,2}';
--> f
select point '(-3,4)' ## line '{1,0,5}';
--> (-5,4)
select point '(-5,-12)' ## line '{3,1,2}';
--> (2.5,-9.5)
select point '(-5,-12)' > line '{3,1,2}';
--> ERROR 42883 operator does not exist: point > line
select point '(-3,4)' <-> box '(3,3),(1,1)';
--> 4.1231056256177
select point '(-5,-12)' <-> box '(3,3),(3,3)';
--> 17
select point '(-3,4)' <@ box '(3,3),(1,1)';
--> f
select point '(-5,-12)' <@ box '(3,3),(3,3)';
--> f
select point '(-3,4)' ## box '(3,3),(1,1)';
--> (1,3)
select point '(-5,-12)' ## box '(3,3),(3,3)';
--> (3,3)
select point '(-5,-12)' >= box '(3,3),(3,3)';
--> ERROR 42883 operator does not exist: point >= box
select point '(-3,4)' <-> path '((1,2),(3,4))';
--> 4.4721359549996
select point '(-5,-12)' <-> path '[(11,12),(13,14)]';
--> 28.844410203712
select point '(-3,4)' <@ path '((1,2),(3,4))';
--> f
select point '(-5,-12)' <@ path '[(11,12),(13,14)]';
--> f
select point '(-5,-12)' >= path '[(11,12),(13,14)]';
--> ERROR 42883 operator does not exist: point >= path
select point '(-3,4)' <-> polygon '((3,1),(3,3),(1,0))';
--> 5.5470019622523
select point '(-5,-12)' <-> polygon '((0,0),(0,4),(4,4),(4,0))';
--> 13
select point '(-3,4)' <@ polygon '((3,1),(3,3),(1,0))';
--> f
select point '(-5,-12)' <@ polygon '((0,0),(0,4),(4,4),(4,0))';
--> f
select point '(-5,-12)' >= polygon '((0,0),(0,4),(4,4),(4,0))';
--> ERROR 42883 operator does not exist: point >= polygon
select point '(-3,4)' <-> circle '<(1,2),100>';
--> 0
select point '(-5,-12)' <-> circle '<(3,5),0>';
--> 18.788294228056
select point '(-3,4)' <@ circle '<(1,2),100>';
--> t
select point '(-5,-12)' <@ circle '<(3,5),0>';
--> f
select point '(-5,-12)' >= circle '<(3,5),0>';
--> ERROR 42883 operator does not exist: point >= circle
select lseg '[(10,-10),(-3,-4)]' <-> point '(5.1,34.5)';
--> 39.342851955597
select lseg '[(1,0),(1,5)]' <-> point '(5.1,34.5)';
--> 29.783552508054
select lseg '[(1,0),(1,5)]' > point '(5.1,34.5)';
--> ERROR 42883 operator does not exist: lseg > point
select lseg '[(10,-10),(-3,-4)]' <-> lseg '[(11,22),(33,44)]';
--> 29.473758481476
select lseg '[(1,0),(1,5)]' <-> lseg '[(11,22),(33,44)]';
--> 19.723082923316
select lseg '[(10,-10),(-3,-4)]' ?# lseg '[(11,22),(33,44)]';
--> f
select lseg '[(1,0),(1,5)]' ?# lseg '[(11,22),(33,44)]';
--> f
select lseg '[(10,-10),(-3,-4)]' # lseg '[(11,22),(33,44)]';
--> NULL
select lseg '[(1,0),(1,5)]' # lseg '[(11,22),(33,44)]';
--> NULL
select lseg '[(10,-10),(-3,-4)]' ## lseg '[(11,22),(33,44)]';
--> (11,22)
select lseg '[(1,0),(1,5)]' ## lseg '[(11,22),(33,44)]';
--> (11,22)
select lseg '[(10,-10),(-3,-4)]' = lseg '[(11,22),(33,44)]';
--> f
select lseg '[(1,0),(1,5)]' = lseg '[(11,22),(33,44)]';
--> f
select lseg '[(10,-10),(-3,-4)]' <> lseg '[(11,22),(33,44)]';
--> t
select lseg '[(1,0),(1,5)]' <> lseg '[(11,22),(33,44)]';
--> t
select lseg '[(10,-10),(-3,-4)]' < lseg '[(11,22),(33,44)]';
--> t
select lseg '[(1,0),(1,5)]' < lseg '[(11,22),(33,44)]';
--> t
select lseg '[(10,-10),(-3,-4)]' <= lseg '[(11,22),(33,44)]';
--> t
select lseg '[(1,0),(1,5)]' <= lseg '[(11,22),(33,44)]';
--> t
select lseg '[(10,-10),(-3,-4)]' > lseg '[(11,22),(33,44)]';
--> f
select lseg '[(1,0),(1,5)]' > lseg '[(11,22),(33,44)]';
--> f
select lseg '[(10,-10),(-3,-4)]' >= lseg '[(11,22),(33,44)]';
--> f
select lseg '[(1,0),(1,5)]' >= lseg '[(11,22),(33,44)]';
--> f
select lseg '[(1,0),(1,5)]' &<| lseg '[(11,22),(33,44)]';
--> ERROR 42883 operator does not exist: lseg &<| lseg
select lseg '[(10,-10),(-3,-4)]' ?|| lseg '[(11,22),(33,44)]';
--> f
select lseg '[(1,0),(1,5)]' ?|| lseg '[(11,22),(33,44)]';
--> f
select lseg '[(10,-10),(-3,-4)]' ?-| lseg '[(11,22),(33,44)]';
--> f
select lseg '[(1,0),(1,5)]' ?-| lseg '[(11,22),(33,44)]';
--> f
select lseg '[(10,-10),(-3,-4)]' <-> line '{-0.4,-1,-6}';
--> 0
select lseg '[(1,0),(1,5)]' <-> line '{-0.4,-1,-6}';
--> 5.9422508216657
select lseg '[(10,-10),(-3,-4)]' <@ line '{-0.4,-1,-6}';
--> f
select lseg '[(1,0),(1,5)]' <@ line '{-0.4,-1,-6}';
--> f
select lseg '[(10,-10),(-3,-4)]' ?# line '{-0.4,-1,-6}';
--> t
select lseg '[(1,0),(1,5)]' ?# line '{-0.4,-1,-6}';
--> f
select lseg '[(1,0),(1,5)]' >^ line '{-0.4,-1,-6}';
--> ERROR 42883 operator does not exist: lseg >^ line
select lseg '[(10,-10),(-3,-4)]' <-> box '(2.5,3.5),(2.5,2.5)';
--> 8.2065559752925
select lseg '[(1,0),(1,5)]' <-> box '(2.5,3.5),(2.5,2.5)';
--> 1.5
select lseg '[(10,-10),(-3,-4)]' <@ box '(2.5,3.5),(2.5,2.5)';
--> f
select lseg '[(1,0),(1,5)]' <@ box '(2.5,3.5),(2.5,2.5)';
--> f
select lseg '[(10,-10),(-3,-4)]' ?# box '(2.5,3.5),(2.5,2.5)';
--> f
select lseg '[(1,0),(1,5)]' ?# box '(2.5,3.5),(2.5,2.5)';
--> f
select lseg '[(10,-10),(-3,-4)]' ## box '(2.5,3.5),(2.5,2.5)';
--> (2.5,2.5)
select lseg '[(1,0),(1,5)]' ## box '(2.5,3.5),(2.5,2.5)';
--> (2.5,2.5)
select lseg '[(1,0),(1,5)]' ?-| box '(2.5,3.5),(2.5,2.5)';
--> ERROR 42883 operator does not exist: lseg ?-| box
select lseg '[(1,0),(1,5)]' >^ path '((0,0),(3,0),(4,5),(1,6))';
--> ERROR 42883 operator does not exist: lseg >^ path
select lseg '[(1,0),(1,5)]' |&> polygon '((0,1),(0,1))';
--> ERROR 42883 operator does not exist: lseg |&> polygon
select lseg '[(1,0),(1,5)]' |>> circle '<(100,1),115>';
--> ERROR 42883 operator does not exist: lseg |>> circle
select line '{0,3,0}' <-> point '(5.1,34.5)';
--> 34.5
select line '{3,1,2}' <-> point '(5.1,34.5)';
--> 16.380598279672
select line '{3,1,2}' <<| point '(5.1,34.5)';
--> ERROR 42883 operator does not exist: line <<| point
select line '{0,3,0}' <-> lseg '[(11,22),(33,44)]';
--> 22
select line '{3,1,2}' <-> lseg '[(11,22),(33,44)]';
--> 18.02498266296
select line '{0,3,0}' ## lseg '[(11,22),(33,44)]';
--> (11,22)
select line '{3,1,2}' ## lseg '[(11,22),(33,44)]';
--> (11,22)
select line '{3,1,2}' <<| lseg '[(11,22),(33,44)]';
--> ERROR 42883 operator does not exist: line <<| lseg
select line '{0,3,0}' <-> line '{-0.4,-1,-6}';
--> 0
select line '{3,1,2}' <-> line '{-0.4,-1,-6}';
--> 0
select line '{0,3,0}' ?# line '{-0.4,-1,-6}';
--> t
select line '{3,1,2}' ?# line '{-0.4,-1,-6}';
--> t
select line '{0,3,0}' # line '{-0.4,-1,-6}';
--> (-15,0)
select line '{3,1,2}' # line '{-0.4,-1,-6}';
--> (1.5384615384615,-6.6153846153846)
select line '{0,3,0}' = line '{-0.4,-1,-6}';
--> f
select line '{3,1,2}' = line '{-0.4,-1,-6}';
--> f
select line '{3,1,2}' &<| line '{-0.4,-1,-6}';
--> ERROR 42883 operator does not exist: line &<| line
select line '{0,3,0}' ?|| line '{-0.4,-1,-6}';
--> f
select line '{3,1,2}' ?|| line '{-0.4,-1,-6}';
--> f
select line '{0,3,0}' ?-| line '{-0.4,-1,-6}';
--> f
select line '{3,1,2}' ?-| line '{-0.4,-1,-6}';
--> f
select line '{0,3,0}' ?# box '(2.5,3.5),(2.5,2.5)';
--> f
select line '{3,1,2}' ?# box '(2.5,3.5),(2.5,2.5)';
--> f
select line '{3,1,2}' |&> box '(2.5,3.5),(2.5,2.5)';
--> ERROR 42883 operator does not exist: line |&> box
select line '{3,1,2}' |>> path '((0,0),(3,0),(4,5),(1,6))';
--> ERROR 42883 operator does not exist: line |>> path
select line '{3,1,2}' &> polygon '((0,1),(0,1))';
--> ERROR 42883 operator does not exist: line &> polygon
select line '{3,1,2}' >> circle '<(100,1),115>';
--> ERROR 42883 operator does not exist: line >> circle
select box '(-2,2),(-8,-10)' + point '(-10,0)';
--> (-12,2),(-18,-10)
select box '(3,3),(3,3)' + point '(-5,-12)';
--> (-2,-9),(-2,-9)
select box '(-2,2),(-8,-10)' - point '(-10,0)';
--> (8,2),(2,-10)
select box '(3,3),(3,3)' - point '(-5,-12)';
--> (8,15),(8,15)
select box '(-2,2),(-8,-10)' * point '(-10,0)';
--> (80,100),(20,-20)
select box '(3,3),(3,3)' * point '(-5,-12)';
--> (21,-51),(21,-51)
select box '(-2,2),(-8,-10)' / point '(-10,0)';
--> (0.8,1),(0.2,-0.2)
select box '(3,3),(3,3)' / point '(-5,-12)';
--> (-0.30177514792899,0.12426035502959),(-0.30177514792899,0.12426035502959)
select box '(-2,2),(-8,-10)' <-> point '(-10,0)';
--> 2
select box '(3,3),(3,3)' <-> point '(-5,-12)';
--> 17
select box '(-2,2),(-8,-10)' @> point '(-10,0)';
--> f
select box '(3,3),(3,3)' @> point '(-5,-12)';
--> f
select box '(3,3),(3,3)' |>> point '(-5,-12)';
--> ERROR 42883 operator does not exist: box |>> point
select box '(-2,2),(-8,-10)' <-> lseg '[(0,0),(6,6)]';
--> 2
select box '(3,3),(3,3)' <-> lseg '[(1,0),(1,5)]';
--> 2
select box '(3,3),(3,3)' <<| lseg '[(1,0),(1,5)]';
--> ERROR 42883 operator does not exist: box <<| lseg
select box '(3,3),(3,3)' &< line '{3,1,2}';
--> ERROR 42883 operator does not exist: box &< line
select box '(-2,2),(-8,-10)' <-> box '(3,3),(1,1)';
--> 9.2195444572929
select box '(3,3),(3,3)' <-> box '(3,3),(3,3)';
--> 0
select box '(-2,2),(-8,-10)' <@ box '(3,3),(1,1)';
--> f
select box '(3,3),(3,3)' <@ box '(3,3),(3,3)';
--> t
select box '(-2,2),(-8,-10)' @> box '(3,3),(1,1)';
--> f
select box '(3,3),(3,3)' @> box '(3,3),(3,3)';
--> t
select box '(-2,2),(-8,-10)' && box '(3,3),(1,1)';
--> f
select box '(3,3),(3,3)' && box '(3,3),(3,3)';
--> t
select box '(-2,2),(-8,-10)' ?# box '(3,3),(1,1)';
--> f
select box '(3,3),(3,3)' ?# box '(3,3),(3,3)';
--> t
select box '(-2,2),(-8,-10)' # box '(3,3),(1,1)';
--> NULL
select box '(3,3),(3,3)' # box '(3,3),(3,3)';
--> (3,3),(3,3)
select box '(-2,2),(-8,-10)' ~= box '(3,3),(1,1)';
--> f
select box '(3,3),(3,3)' ~= box '(3,3),(3,3)';
--> t
select box '(-2,2),(-8,-10)' = box '(3,3),(1,1)';
--> f
select box '(3,3),(3,3)' = box '(3,3),(3,3)';
--> t
select box '(-2,2),(-8,-10)' < box '(3,3),(1,1)';
--> f
select box '(3,3),(3,3)' < box '(3,3),(3,3)';
--> f
select box '(-2,2),(-8,-10)' <= box '(3,3),(1,1)';
--> f
select box '(3,3),(3,3)' <= box '(3,3),(3,3)';
--> t
select box '(-2,2),(-8,-10)' > box '(3,3),(1,1)';
--> t
select box '(3,3),(3,3)' > box '(3,3),(3,3)';
--> f
select box '(-2,2),(-8,-10)' >= box '(3,3),(1,1)';
--> t
select box '(3,3),(3,3)' >= box '(3,3),(3,3)';
--> t
select box '(-2,2),(-8,-10)' << box '(3,3),(1,1)';
--> t
select box '(3,3),(3,3)' << box '(3,3),(3,3)';
--> f
select box '(-2,2),(-8,-10)' >> box '(3,3),(1,1)';
--> f
select box '(3,3),(3,3)' >> box '(3,3),(3,3)';
--> f
select box '(-2,2),(-8,-10)' &< box '(3,3),(1,1)';
--> t
select box '(3,3),(3,3)' &< box '(3,3),(3,3)';
--> t
select box '(-2,2),(-8,-10)' &> box '(3,3),(1,1)';
--> f
select box '(3,3),(3,3)' &> box '(3,3),(3,3)';
--> t
select box '(-2,2),(-8,-10)' <<| box '(3,3),(1,1)';
--> f
select box '(3,3),(3,3)' <<| box '(3,3),(3,3)';
--> f
select box '(-2,2),(-8,-10)' |>> box '(3,3),(1,1)';
--> f
select box '(3,3),(3,3)' |>> box '(3,3),(3,3)';
--> f
select box '(-2,2),(-8,-10)' &<| box '(3,3),(1,1)';
--> t
select box '(3,3),(3,3)' &<| box '(3,3),(3,3)';
--> t
select box '(-2,2),(-8,-10)' |&> box '(3,3),(1,1)';
--> f
select box '(3,3),(3,3)' |&> box '(3,3),(3,3)';
--> t
select box '(-2,2),(-8,-10)' <^ box '(3,3),(1,1)';
--> f
select box '(3,3),(3,3)' <^ box '(3,3),(3,3)';
--> t
select box '(-2,2),(-8,-10)' >^ box '(3,3),(1,1)';
--> f
select box '(3,3),(3,3)' >^ box '(3,3),(3,3)';
--> t
select box '(3,3),(3,3)' ?# path '[(11,12),(13,14)]';
--> ERROR 42883 operator does not exist: box ?# path
select box '(3,3),(3,3)' @> polygon '((0,0),(0,4),(4,4),(4,0))';
--> ERROR 42883 operator does not exist: box @> polygon
select box '(3,3),(3,3)' <-> circle '<(3,5),0>';
--> ERROR 42883 operator does not exist: box <-> circle
select path '[(0,0),(3,0),(4,5),(1,6)]' + point '(-10,0)';
--> [(-10,0),(-7,0),(-6,5),(-9,6)]
select path '[(11,12),(13,14)]' + point '(-5,-12)';
--> [(6,0),(8,2)]
select path '[(0,0),(3,0),(4,5),(1,6)]' - point '(-10,0)';
--> [(10,0),(13,0),(14,5),(11,6)]
select path '[(11,12),(13,14)]' - point '(-5,-12)';
--> [(16,24),(18,26)]
select path '[(0,0),(3,0),(4,5),(1,6)]' * point '(-10,0)';
--> [(-0,0),(-30,0),(-40,-50),(-10,-60)]
select path '[(11,12),(13,14)]' * point '(-5,-12)';
--> [(89,-192),(103,-226)]
select path '[(0,0),(3,0),(4,5),(1,6)]' / point '(-10,0)';
--> [(0,-0),(-0.3,-0),(-0.4,-0.5),(-0.1,-0.6)]
select path '[(11,12),(13,14)]' / point '(-5,-12)';
--> [(-1.1775147928994,0.42603550295858),(-1.3786982248521,0.50887573964497)]
select path '[(0,0),(3,0),(4,5),(1,6)]' <-> point '(-10,0)';
--> 10
select path '[(11,12),(13,14)]' <-> point '(-5,-12)';
--> 28.844410203712
select path '[(0,0),(3,0),(4,5),(1,6)]' @> point '(-10,0)';
--> f
select path '[(11,12),(13,14)]' @> point '(-5,-12)';
--> f
select path '[(11,12),(13,14)]' ?# point '(-5,-12)';
--> ERROR 42883 operator does not exist: path ?# point
select path '[(11,12),(13,14)]' @> lseg '[(1,0),(1,5)]';
--> ERROR 42883 operator does not exist: path @> lseg
select path '[(11,12),(13,14)]' <-> line '{3,1,2}';
--> ERROR 42883 operator does not exist: path <-> line
select path '[(11,12),(13,14)]' * box '(3,3),(3,3)';
--> ERROR 42883 operator does not exist: path * box
select path '[(0,0),(3,0),(4,5),(1,6)]' + path '((1,2),(3,4))';
--> NULL
select path '[(11,12),(13,14)]' + path '[(11,12),(13,14)]';
--> [(11,12),(13,14),(11,12),(13,14)]
select path '[(11,12),(13,14)]' - path '[(11,12),(13,14)]';
--> ERROR 42883 operator does not exist: path - path
select path '[(0,0),(3,0),(4,5),(1,6)]' <-> path '((1,2),(3,4))';
--> 0.78446454055274
select path '[(11,12),(13,14)]' <-> path '[(11,12),(13,14)]';
--> 0
select path '[(0,0),(3,0),(4,5),(1,6)]' ?# path '((1,2),(3,4))';
--> f
select path '[(11,12),(13,14)]' ?# path '[(11,12),(13,14)]';
--> f
select path '[(0,0),(3,0),(4,5),(1,6)]' = path '((1,2),(3,4))';
--> f
select path '[(11,12),(13,14)]' = path '[(11,12),(13,14)]';
--> t
select path '[(0,0),(3,0),(4,5),(1,6)]' < path '((1,2),(3,4))';
--> f
select path '[(11,12),(13,14)]' < path '[(11,12),(13,14)]';
--> f
select path '[(0,0),(3,0),(4,5),(1,6)]' <= path '((1,2),(3,4))';
--> f
select path '[(11,12),(13,14)]' <= path '[(11,12),(13,14)]';
--> t
select path '[(0,0),(3,0),(4,5),(1,6)]' > path '((1,2),(3,4))';
--> t
select path '[(11,12),(13,14)]' > path '[(11,12),(13,14)]';
--> f
select path '[(0,0),(3,0),(4,5),(1,6)]' >= path '((1,2),(3,4))';
--> t
select path '[(11,12),(13,14)]' >= path '[(11,12),(13,14)]';
--> t
select path '[(11,12),(13,14)]' @> polygon '((0,0),(0,4),(4,4),(4,0))';
--> ERROR 42883 operator does not exist: path @> polygon
select path '[(11,12),(13,14)]' <-> circle '<(3,5),0>';
--> ERROR 42883 operator does not exist: path <-> circle
select polygon '((0,0),(0,4),(4,4),(4,0))' * point '(5.1,34.5)';
--> ERROR 42883 operator does not exist: polygon * point
select polygon '((1,2),(7,8),(5,6),(3,-4))' <-> point '(5.1,34.5)';
--> 26.568025895802
select polygon '((0,0),(0,4),(4,4),(4,0))' <-> point '(5.1,34.5)';
--> 30.519829619446
select polygon '((1,2),(7,8),(5,6),(3,-4))' @> point '(5.1,34.5)';
--> f
select polygon '((0,0),(0,4),(4,4),(4,0))' @> point '(5.1,34.5)';
--> f
select polygon '((0,0),(0,4),(4,4),(4,0))' * lseg '[(11,22),(33,44)]';
--> ERROR 42883 operator does not exist: polygon * lseg
select polygon '((0,0),(0,4),(4,4),(4,0))' + line '{-0.4,-1,-6}';
--> ERROR 42883 operator does not exist: polygon + line
select polygon '((0,0),(0,4),(4,4),(4,0))' ?- line '{-0.4,-1,-6}';
--> ERROR 42883 operator does not exist: polygon ?- line
select polygon '((0,0),(0,4),(4,4),(4,0))' ?|| box '(2.5,3.5),(2.5,2.5)';
--> ERROR 42883 operator does not exist: polygon ?|| box
select polygon '((0,0),(0,4),(4,4),(4,0))' <^ path '((0,0),(3,0),(4,5),(1,6))';
--> ERROR 42883 operator does not exist: polygon <^ path
select polygon '((1,2),(7,8),(5,6),(3,-4))' <-> polygon '((0,1),(0,1))';
--> 1.2649110640674
select polygon '((0,0),(0,4),(4,4),(4,0))' <-> polygon '((0,1),(0,1))';
--> 0
select polygon '((1,2),(7,8),(5,6),(3,-4))' <@ polygon '((0,1),(0,1))';
--> f
select polygon '((0,0),(0,4),(4,4),(4,0))' <@ polygon '((0,1),(0,1))';
--> f
select polygon '((1,2),(7,8),(5,6),(3,-4))' @> polygon '((0,1),(0,1))';
--> f
select polygon '((0,0),(0,4),(4,4),(4,0))' @> polygon '((0,1),(0,1))';
--> t
select polygon '((1,2),(7,8),(5,6),(3,-4))' && polygon '((0,1),(0,1))';
--> f
select polygon '((0,0),(0,4),(4,4),(4,0))' && polygon '((0,1),(0,1))';
--> t
select polygon '((1,2),(7,8),(5,6),(3,-4))' ~= polygon '((0,1),(0,1))';
--> f
select polygon '((0,0),(0,4),(4,4),(4,0))' ~= polygon '((0,1),(0,1))';
--> f
select polygon '((1,2),(7,8),(5,6),(3,-4))' << polygon '((0,1),(0,1))';
--> f
select polygon '((0,0),(0,4),(4,4),(4,0))' << polygon '((0,1),(0,1))';
--> f
select polygon '((1,2),(7,8),(5,6),(3,-4))' >> polygon '((0,1),(0,1))';
--> t
select polygon '((0,0),(0,4),(4,4),(4,0))' >> polygon '((0,1),(0,1))';
--> f
select polygon '((1,2),(7,8),(5,6),(3,-4))' &< polygon '((0,1),(0,1))';
--> f
select polygon '((0,0),(0,4),(4,4),(4,0))' &< polygon '((0,1),(0,1))';
--> f
select polygon '((1,2),(7,8),(5,6),(3,-4))' &> polygon '((0,1),(0,1))';
--> t
select polygon '((0,0),(0,4),(4,4),(4,0))' &> polygon '((0,1),(0,1))';
--> t
select polygon '((1,2),(7,8),(5,6),(3,-4))' <<| polygon '((0,1),(0,1))';
--> f
select polygon '((0,0),(0,4),(4,4),(4,0))' <<| polygon '((0,1),(0,1))';
--> f
select polygon '((1,2),(7,8),(5,6),(3,-4))' |>> polygon '((0,1),(0,1))';
--> f
select polygon '((0,0),(0,4),(4,4),(4,0))' |>> polygon '((0,1),(0,1))';
--> f
select polygon '((1,2),(7,8),(5,6),(3,-4))' &<| polygon '((0,1),(0,1))';
--> f
select polygon '((0,0),(0,4),(4,4),(4,0))' &<| polygon '((0,1),(0,1))';
--> f
select polygon '((1,2),(7,8),(5,6),(3,-4))' |&> polygon '((0,1),(0,1))';
--> f
select polygon '((0,0),(0,4),(4,4),(4,0))' |&> polygon '((0,1),(0,1))';
--> f
select polygon '((1,2),(7,8),(5,6),(3,-4))' <-> circle '<(100,1),115>';
--> 0
select polygon '((0,0),(0,4),(4,4),(4,0))' <-> circle '<(100,1),115>';
--> 0
select polygon '((0,0),(0,4),(4,4),(4,0))' @> circle '<(100,1),115>';
--> ERROR 42883 operator does not exist: polygon @> circle
select circle '<(1,3),5>' + point '(-10,0)';
--> <(-9,3),5>
select circle '<(3,5),0>' + point '(-5,-12)';
--> <(-2,-7),0>
select circle '<(1,3),5>' - point '(-10,0)';
--> <(11,3),5>
select circle '<(3,5),0>' - point '(-5,-12)';
--> <(8,17),0>
select circle '<(1,3),5>' * point '(-10,0)';
--> <(-10,-30),50>
select circle '<(3,5),0>' * point '(-5,-12)';
--> <(45,-61),0>
select circle '<(1,3),5>' / point '(-10,0)';
--> <(-0.1,-0.3),0.5>
select circle '<(3,5),0>' / point '(-5,-12)';
--> <(-0.44378698224852,0.06508875739645),0>
select circle '<(1,3),5>' <-> point '(-10,0)';
--> 6.4017542509914
select circle '<(3,5),0>' <-> point '(-5,-12)';
--> 18.788294228056
select circle '<(1,3),5>' @> point '(-10,0)';
--> f
select circle '<(3,5),0>' @> point '(-5,-12)';
--> f
select circle '<(3,5),0>' ## point '(-5,-12)';
--> ERROR 42883 operator does not exist: circle ## point
select circle '<(3,5),0>' ?# lseg '[(1,0),(1,5)]';
--> ERROR 42883 operator does not exist: circle ?# lseg
select circle '<(3,5),0>' @> line '{3,1,2}';
--> ERROR 42883 operator does not exist: circle @> line
select circle '<(3,5),0>' <-> box '(3,3),(3,3)';
--> ERROR 42883 operator does not exist: circle <-> box
select circle '<(3,5),0>' * path '[(11,12),(13,14)]';
--> ERROR 42883 operator does not exist: circle * path
select circle '<(3,5),0>' + polygon '((0,0),(0,4),(4,4),(4,0))';
--> ERROR 42883 operator does not exist: circle + polygon
select circle '<(1,3),5>' <-> polygon '((3,1),(3,3),(1,0))';
--> 0
select circle '<(3,5),0>' <-> polygon '((0,0),(0,4),(4,4),(4,0))';
--> 1
select circle '<(3,5),0>' ?| polygon '((0,0),(0,4),(4,4),(4,0))';
--> ERROR 42883 operator does not exist: circle ?| polygon
select circle '<(1,3),5>' <-> circle '<(1,2),100>';
--> 0
select circle '<(3,5),0>' <-> circle '<(3,5),0>';
--> 0
select circle '<(1,3),5>' <@ circle '<(1,2),100>';
--> t
select circle '<(3,5),0>' <@ circle '<(3,5),0>';
--> t
select circle '<(1,3),5>' @> circle '<(1,2),100>';
--> f
select circle '<(3,5),0>' @> circle '<(3,5),0>';
--> t
select circle '<(1,3),5>' && circle '<(1,2),100>';
--> t
select circle '<(3,5),0>' && circle '<(3,5),0>';
--> t
select circle '<(1,3),5>' ~= circle '<(1,2),100>';
--> f
select circle '<(3,5),0>' ~= circle '<(3,5),0>';
--> t
select circle '<(1,3),5>' = circle '<(1,2),100>';
--> f
select circle '<(3,5),0>' = circle '<(3,5),0>';
--> t
select circle '<(1,3),5>' <> circle '<(1,2),100>';
--> t
select circle '<(3,5),0>' <> circle '<(3,5),0>';
--> f
select circle '<(1,3),5>' < circle '<(1,2),100>';
--> t
select circle '<(3,5),0>' < circle '<(3,5),0>';
--> f
select circle '<(1,3),5>' <= circle '<(1,2),100>';
--> t
select circle '<(3,5),0>' <= circle '<(3,5),0>';
--> t
select circle '<(1,3),5>' > circle '<(1,2),100>';
--> f
select circle '<(3,5),0>' > circle '<(3,5),0>';
--> f
select circle '<(1,3),5>' >= circle '<(1,2),100>';
--> f
select circle '<(3,5),0>' >= circle '<(3,5),0>';
--> t
select circle '<(1,3),5>' << circle '<(1,2),100>';
--> f
select circle '<(3,5),0>' << circle '<(3,5),0>';
--> f
select circle '<(1,3),5>' >> circle '<(1,2),100>';
--> f
select circle '<(3,5),0>' >> circle '<(3,5),0>';
--> f
select circle '<(1,3),5>' &< circle '<(1,2),100>';
--> t
select circle '<(3,5),0>' &< circle '<(3,5),0>';
--> t
select circle '<(1,3),5>' &> circle '<(1,2),100>';
--> t
select circle '<(3,5),0>' &> circle '<(3,5),0>';
--> t
select circle '<(1,3),5>' <<| circle '<(1,2),100>';
--> f
select circle '<(3,5),0>' <<| circle '<(3,5),0>';
--> f
select circle '<(1,3),5>' |>> circle '<(1,2),100>';
--> f
select circle '<(3,5),0>' |>> circle '<(3,5),0>';
--> f
select circle '<(1,3),5>' &<| circle '<(1,2),100>';
--> t
select circle '<(3,5),0>' &<| circle '<(3,5),0>';
--> t
select circle '<(1,3),5>' |&> circle '<(1,2),100>';
--> t
select circle '<(3,5),0>' |&> circle '<(3,5),0>';
--> t
select @-@ lseg '[(10,-10),(-3,-4)]';
--> 14.317821063276
select @@ lseg '[(10,-10),(-3,-4)]';
--> (3.5,-7)
select ?- lseg '[(10,-10),(-3,-4)]';
--> f
select ?| lseg '[(10,-10),(-3,-4)]';
--> f
select ?- line '{0,3,0}';
--> t
select ?| line '{0,3,0}';
--> f
select @@ box '(-2,2),(-8,-10)';
--> (-5,-4)
select @-@ path '[(0,0),(3,0),(4,5),(1,6)]';
--> 11.261297173761
select # path '[(0,0),(3,0),(4,5),(1,6)]';
--> 4
select @@ polygon '((1,2),(7,8),(5,6),(3,-4))';
--> (4,3)
select # polygon '((1,2),(7,8),(5,6),(3,-4))';
--> 4
select @@ circle '<(1,3),5>';
--> (1,3)
select npoints(point '(-3,4)');
--> ERROR 42883 function npoints(point) does not exist
select point(point '(-3,4)');
--> (-3,4)
select box(point '(-3,4)');
--> (-3,4),(-3,4)
select length(lseg '[(10,-10),(-3,-4)]');
--> 14.317821063276
select ishorizontal(lseg '[(10,-10),(-3,-4)]');
--> f
select isvertical(lseg '[(10,-10),(-3,-4)]');
--> f
select point(lseg '[(10,-10),(-3,-4)]');
--> (3.5,-7)
select lseg(lseg '[(10,-10),(-3,-4)]');
--> [(10,-10),(-3,-4)]
select ishorizontal(line '{0,3,0}');
--> t
select isvertical(line '{0,3,0}');
--> f
select line(line '{0,3,0}');
--> {0,3,0}
select area(box '(-2,2),(-8,-10)');
--> 72
select center(box '(-2,2),(-8,-10)');
--> (-5,-4)
select height(box '(-2,2),(-8,-10)');
--> 12
select width(box '(-2,2),(-8,-10)');
--> 6
select diagonal(box '(-2,2),(-8,-10)');
--> [(-2,2),(-8,-10)]
select point(box '(-2,2),(-8,-10)');
--> (-5,-4)
select lseg(box '(-2,2),(-8,-10)');
--> [(-2,2),(-8,-10)]
select box(box '(-2,2),(-8,-10)');
--> (-2,2),(-8,-10)
select polygon(box '(-2,2),(-8,-10)');
--> ((-8,-10),(-8,2),(-2,2),(-2,-10))
select circle(box '(-2,2),(-8,-10)');
--> <(-5,-4),6.7082039324994>
select area(path '[(0,0),(3,0),(4,5),(1,6)]');
--> NULL
select radius(path '[(0,0),(3,0),(4,5),(1,6)]');
--> ERROR 42883 function radius(path) does not exist
select isclosed(path '[(0,0),(3,0),(4,5),(1,6)]');
--> f
select isopen(path '[(0,0),(3,0),(4,5),(1,6)]');
--> t
select length(path '[(0,0),(3,0),(4,5),(1,6)]');
--> 11.261297173761
select npoints(path '[(0,0),(3,0),(4,5),(1,6)]');
--> 4
select pclose(path '[(0,0),(3,0),(4,5),(1,6)]');
--> ((0,0),(3,0),(4,5),(1,6))
select popen(path '[(0,0),(3,0),(4,5),(1,6)]');
--> [(0,0),(3,0),(4,5),(1,6)]
select path(path '[(0,0),(3,0),(4,5),(1,6)]');
--> [(0,0),(3,0),(4,5),(1,6)]
select polygon(path '[(0,0),(3,0),(4,5),(1,6)]');
--> ERROR 22023 open path cannot be converted to polygon
select npoints(polygon '((1,2),(7,8),(5,6),(3,-4))');
--> 4
select point(polygon '((1,2),(7,8),(5,6),(3,-4))');
--> (4,3)
select box(polygon '((1,2),(7,8),(5,6),(3,-4))');
--> (7,8),(1,-4)
select path(polygon '((1,2),(7,8),(5,6),(3,-4))');
--> ((1,2),(7,8),(5,6),(3,-4))
select polygon(polygon '((1,2),(7,8),(5,6),(3,-4))');
--> ((1,2),(7,8),(5,6),(3,-4))
select circle(polygon '((1,2),(7,8),(5,6),(3,-4))');
--> <(4,3),4.8066437567619>
select area(circle '<(1,3),5>');
--> 78.539816339745
select center(circle '<(1,3),5>');
--> (1,3)
select diameter(circle '<(1,3),5>');
--> 10
select radius(circle '<(1,3),5>');
--> 5
select point(circle '<(1,3),5>');
--> (1,3)
select box(circle '<(1,3),5>');
--> (4.5355339059327,6.5355339059327),(-2.5355339059327,-0.53553390593274)
select polygon(circle '<(1,3),5>');
--> ((-4,3),(-3.3301270189222,5.5),(-1.5,7.3301270189222),(1,8),(3.5,7.3301270189222),(5.3301270189222,5.5),(6,3),(5.3301270189222,0.5),(3.5,-1.3301270189222),(1,-2),(-1.5,-1.3301270189222),(-3.3301270189222,0.5))
select circle(circle '<(1,3),5>');
--> <(1,3),5>
select (point '(-3,4)')::point;
--> (-3,4)
select (point '(-3,4)')::box;
--> (-3,4),(-3,4)
select (lseg '[(10,-10),(-3,-4)]')::point;
--> (3.5,-7)
select (lseg '[(10,-10),(-3,-4)]')::lseg;
--> [(10,-10),(-3,-4)]
select (line '{0,3,0}')::line;
--> {0,3,0}
select (box '(-2,2),(-8,-10)')::point;
--> (-5,-4)
select (box '(-2,2),(-8,-10)')::lseg;
--> [(-2,2),(-8,-10)]
select (box '(-2,2),(-8,-10)')::box;
--> (-2,2),(-8,-10)
select (box '(-2,2),(-8,-10)')::polygon;
--> ((-8,-10),(-8,2),(-2,2),(-2,-10))
select (box '(-2,2),(-8,-10)')::circle;
--> <(-5,-4),6.7082039324994>
select (path '[(0,0),(3,0),(4,5),(1,6)]')::lseg;
--> ERROR 42846 cannot cast type path to lseg
select (path '[(0,0),(3,0),(4,5),(1,6)]')::path;
--> [(0,0),(3,0),(4,5),(1,6)]
select (path '[(0,0),(3,0),(4,5),(1,6)]')::polygon;
--> ERROR 22023 open path cannot be converted to polygon
select (polygon '((1,2),(7,8),(5,6),(3,-4))')::point;
--> (4,3)
select (polygon '((1,2),(7,8),(5,6),(3,-4))')::box;
--> (7,8),(1,-4)
select (polygon '((1,2),(7,8),(5,6),(3,-4))')::path;
--> ((1,2),(7,8),(5,6),(3,-4))
select (polygon '((1,2),(7,8),(5,6),(3,-4))')::polygon;
--> ((1,2),(7,8),(5,6),(3,-4))
select (polygon '((1,2),(7,8),(5,6),(3,-4))')::circle;
--> <(4,3),4.8066437567619>
select (circle '<(1,3),5>')::point;
--> (1,3)
select (circle '<(1,3),5>')::box;
--> (4.5355339059327,6.5355339059327),(-2.5355339059327,-0.53553390593274)
select (circle '<(1,3),5>')::polygon;
--> ((-4,3),(-3.3301270189222,5.5),(-1.5,7.3301270189222),(1,8),(3.5,7.3301270189222),(5.3301270189222,5.5),(6,3),(5.3301270189222,0.5),(3.5,-1.3301270189222),(1,-2),(-1.5,-1.3301270189222),(-3.3301270189222,0.5))
select (circle '<(1,3),5>')::circle;
--> <(1,3),5>
select slope(point '(-3,4)', point '(-10,0)'), box(point '(-3,4)', point '(-10,0)'), lseg(point '(-3,4)', point '(-10,0)'), circle(point '(-3,4)', 2);
--> 0.57142857142857 | (-3,4),(-10,0) | [(-3,4),(-10,0)] | <(-3,4),2>
select slope(point '(-5,-12)', point '(-5,-12)'), box(point '(-5,-12)', point '(-5,-12)'), lseg(point '(-5,-12)', point '(-5,-12)'), circle(point '(-5,-12)', 2);
--> Infinity | (-5,-12),(-5,-12) | [(-5,-12),(-5,-12)] | <(-5,-12),2>
select line(point '(-3,4)', point '(-10,0)');
--> {0.57142857142857,-1,5.7142857142857}
select line(point '(-5,-12)', point '(-5,-12)');
--> ERROR 22023 invalid line specification: must be two distinct points
select polygon(5, circle '<(1,3),5>');
--> ((-4,3),(-0.54508497187474,7.7552825814758),(5.0450849718747,5.9389262614624),(5.0450849718747,0.061073738537635),(-0.54508497187474,-1.7552825814758))
select polygon(1, circle '<(1,3),5>');
--> ERROR 22023 must request at least 2 points
select bound_box(box '(-2,2),(-8,-10)', box '(3,3),(1,1)');
--> (3,3),(-8,-10)
select bound_box(box '(3,3),(3,3)', box '(3,3),(3,3)');
--> (3,3),(3,3)
