/** Questions to the sample databases: joins, groupings, dates, text, subqueries. Each orders its rows completely. */

export const CHINOOK_QUERIES: readonly string[] = [
  'SELECT count(*) FROM track',
  'SELECT * FROM artist ORDER BY artist_id LIMIT 5',
  'SELECT * FROM employee ORDER BY employee_id',
  `SELECT ar.name, count(*) AS albums FROM artist ar JOIN album al ON al.artist_id = ar.artist_id
   GROUP BY ar.artist_id, ar.name ORDER BY albums DESC, ar.name LIMIT 10`,
  `SELECT g.name, count(*) AS tracks, sum(t.milliseconds) AS ms, avg(t.milliseconds) AS mean, min(t.unit_price), max(t.bytes)
   FROM track t JOIN genre g ON g.genre_id = t.genre_id GROUP BY g.name ORDER BY tracks DESC, g.name`,
  `SELECT c.country, count(DISTINCT c.customer_id) AS customers, sum(i.total) AS revenue
   FROM customer c JOIN invoice i ON i.customer_id = c.customer_id
   GROUP BY c.country HAVING sum(i.total) > 50 ORDER BY revenue DESC, c.country`,
  `SELECT e.first_name, e.last_name, m.last_name AS boss FROM employee e
   LEFT JOIN employee m ON m.employee_id = e.reports_to ORDER BY e.employee_id`,
  `SELECT invoice_id, invoice_date, total FROM invoice
   WHERE invoice_date >= '2022-01-01' AND invoice_date < '2022-03-01' ORDER BY invoice_date, invoice_id`,
  `SELECT extract(year FROM invoice_date) AS y, count(*), sum(total) FROM invoice GROUP BY y ORDER BY y`,
  `SELECT date_trunc('month', invoice_date) AS m, sum(total) FROM invoice GROUP BY m ORDER BY m LIMIT 12`,
  `SELECT t.name, al.title, ar.name AS artist FROM track t JOIN album al ON al.album_id = t.album_id
   JOIN artist ar ON ar.artist_id = al.artist_id WHERE t.name LIKE '%Love%' ORDER BY t.track_id LIMIT 20`,
  `SELECT p.name, count(pt.track_id) AS tracks FROM playlist p LEFT JOIN playlist_track pt ON pt.playlist_id = p.playlist_id
   GROUP BY p.playlist_id, p.name ORDER BY p.playlist_id`,
  `SELECT name, composer FROM track WHERE composer IS NULL ORDER BY track_id LIMIT 5`,
  `SELECT DISTINCT billing_country FROM invoice ORDER BY billing_country`,
  `SELECT upper(first_name) || ' ' || last_name AS who, length(email) AS n FROM customer ORDER BY customer_id LIMIT 10`,
  `SELECT name, milliseconds / 1000 AS s, round(milliseconds / 60000.0, 2) AS minutes FROM track
   ORDER BY milliseconds DESC, track_id LIMIT 10`,
  `SELECT ar.name FROM artist ar WHERE NOT EXISTS (SELECT 1 FROM album al WHERE al.artist_id = ar.artist_id)
   ORDER BY ar.name LIMIT 10`,
  `SELECT CASE WHEN total < 2 THEN 'small' WHEN total < 10 THEN 'middle' ELSE 'large' END AS size, count(*), sum(total)
   FROM invoice GROUP BY size ORDER BY size`,
  `SELECT t.name, sum(il.quantity) AS sold FROM invoice_line il JOIN track t ON t.track_id = il.track_id
   GROUP BY t.track_id, t.name ORDER BY sold DESC, t.track_id LIMIT 10`,
  `SELECT customer_id, total FROM invoice WHERE total > (SELECT avg(total) * 3 FROM invoice) ORDER BY total DESC, invoice_id`,
  `SELECT age(hire_date, birth_date) FROM employee ORDER BY employee_id`,
];

export const NORTHWIND_QUERIES: readonly string[] = [
  'SELECT count(*) FROM orders',
  'SELECT * FROM products ORDER BY product_id LIMIT 10',
  'SELECT category_id, category_name, description, picture FROM categories ORDER BY category_id',
  `SELECT c.category_name, count(*) AS products, sum(p.units_in_stock) AS stock FROM products p
   JOIN categories c ON c.category_id = p.category_id GROUP BY c.category_name ORDER BY c.category_name`,
  `SELECT o.order_id, o.order_date, o.shipped_date, o.shipped_date - o.order_date AS days FROM orders o
   WHERE o.shipped_date IS NOT NULL ORDER BY days DESC, o.order_id LIMIT 10`,
  `SELECT extract(year FROM order_date) AS y, extract(month FROM order_date) AS m, count(*) FROM orders
   GROUP BY y, m ORDER BY y, m`,
  `SELECT cu.company_name, sum(od.quantity) AS items FROM customers cu JOIN orders o ON o.customer_id = cu.customer_id
   JOIN order_details od ON od.order_id = o.order_id GROUP BY cu.customer_id, cu.company_name
   ORDER BY items DESC, cu.company_name LIMIT 10`,
  `SELECT e.last_name, r.region_description, count(*) FROM employees e
   JOIN employee_territories et ON et.employee_id = e.employee_id JOIN territories t ON t.territory_id = et.territory_id
   JOIN region r ON r.region_id = t.region_id GROUP BY e.last_name, r.region_description ORDER BY e.last_name, 2`,
  `SELECT s.company_name, p.product_name, p.unit_price FROM suppliers s JOIN products p ON p.supplier_id = s.supplier_id
   WHERE p.unit_price > 40 ORDER BY p.unit_price DESC, p.product_id`,
  `SELECT country, count(*) FROM customers GROUP BY country HAVING count(*) >= 5 ORDER BY 2 DESC, 1`,
  `SELECT ship_country, coalesce(ship_region, 'none') AS region, count(*) FROM orders
   GROUP BY ship_country, ship_region ORDER BY ship_country, region`,
  `SELECT product_name FROM products WHERE discontinued = 1 AND units_in_stock > 0 ORDER BY product_name`,
  `SELECT first_name, birth_date, hire_date FROM employees WHERE birth_date < DATE '1955-01-01' ORDER BY birth_date`,
  `SELECT order_id, product_id, unit_price, quantity, discount FROM order_details ORDER BY order_id, product_id LIMIT 15`,
  `SELECT company_name, homepage FROM suppliers WHERE homepage IS NOT NULL ORDER BY supplier_id`,
  `SELECT state_name, state_abbr FROM us_states WHERE state_region = 'south' ORDER BY state_name`,
  `SELECT sh.company_name, count(*) AS n, min(o.order_date), max(o.shipped_date) FROM orders o
   JOIN shippers sh ON sh.shipper_id = o.ship_via GROUP BY sh.company_name ORDER BY n DESC`,
  `SELECT contact_name FROM customers WHERE contact_name LIKE 'M%' OR city = 'London' ORDER BY contact_name`,
];
