-- Transition functions of variance and regression, called by name.
select float8_accum('{4,140,2900}'::float8[], 100), float8_regr_accum('{4,140,2900,1290,83075,15050}'::float8[], 200, 100);
--> {5,240,6280} | {5,240,6280,1490,95080,8680}
select float8_combine('{3,60,200}'::float8[], '{2,180,200}'::float8[]), float8_combine('{0,0,0}'::float8[], '{2,180,200}'::float8[]), float8_combine('{3,60,200}'::float8[], '{0,0,0}'::float8[]);
--> {5,240,6280} | {2,180,200} | {3,60,200}
select float8_regr_combine('{3,60,200,750,20000,2000}'::float8[],'{0,0,0,0,0,0}'::float8[]), float8_regr_combine('{0,0,0,0,0,0}'::float8[],'{2,180,200,740,57800,-3400}'::float8[]), float8_regr_combine('{3,60,200,750,20000,2000}'::float8[],'{2,180,200,740,57800,-3400}'::float8[]);
--> {3,60,200,750,20000,2000} | {2,180,200,740,57800,-3400} | {5,240,6280,1490,95080,8680}
select float8_accum('{0,0,0}'::float8[], 'NaN'), float8_accum('{0,0,0}'::float8[], 'inf'), float8_accum('{1,5,0}'::float8[], 'inf'), float8_accum('{0,0,0}', 7);
--> {1,NaN,NaN} | {1,Infinity,NaN} | {2,Infinity,NaN} | {1,7,0}
select float8_accum('{1,1e308,0}'::float8[], 1e308);
--> ERROR 22003 value out of range: overflow
select float8_accum('{1,2}'::float8[], 1);
--> ERROR 22023 float8_accum: expected 3-element float8 array
select float8_regr_accum('{0,0,0,0,0,0}', 'NaN', 1), float8_regr_accum('{1,2,0,3,0,0}', 'inf', 1);
--> {1,1,0,NaN,NaN,NaN} | {2,3,0.5,Infinity,NaN,NaN}
