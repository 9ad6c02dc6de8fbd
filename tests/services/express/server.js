// A shop, as the guide of express-openapi-validator has it: a document by hand, the routes below it, all in memory.
const { randomUUID } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const express = require('express');
const OpenApiValidator = require('express-openapi-validator');
const yaml = require('js-yaml');

const BUG = process.env.SERVICE_BUG || '';
const DOCUMENT = path.join(__dirname, 'openapi.yaml');

const customers = new Map();
const products = new Map();
const orders = new Map();
let lastOrder = 0;

const me = { id: randomUUID(), email: 'ann@example.com', name: 'Ann', password: 'correct horse', newsletter: true };
customers.set(me.id, me);
const tokens = new Map([['let-me-in', me]]);

class HttpError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

function apiSpec() {
  const spec = yaml.load(fs.readFileSync(DOCUMENT, 'utf8'));
  if (BUG === 'invalid-input-accepted') delete spec.components.schemas.ProductInput.properties.price.minimum;
  if (BUG === 'auth-not-required') spec.paths['/products'].post.security = [];
  return spec;
}

function customerView({ password, ...rest }) {
  return BUG === 'writeonly-leaked' ? { ...rest, password } : rest;
}

function productView(product) {
  const view = { ...product };
  if (BUG === 'wrong-type') view.price = String(product.price);
  if (BUG === 'missing-required-property') delete view.createdAt;
  if (BUG === 'null-in-excluded-property' && product.tags.length === 0) view.tags = null;
  if (BUG === 'undocumented-enum-value' && product.category === 'games') view.category = 'toys';
  return view;
}

function orderView(order) {
  const placedAt = BUG === 'datetime-without-offset' ? order.placedAt.slice(0, -1) : order.placedAt;
  return { ...order, placedAt };
}

function slice(all, start, count) {
  return BUG === 'page-limit-ignored' ? all : all.slice(start, start + count);
}

function productOr404(id) {
  const product = products.get(id.toLowerCase());
  if (!product) throw new HttpError(404, `no product ${id}`);
  return product;
}

function checkSku(sku, id) {
  for (const other of products.values()) {
    if (other.sku === sku && other.id !== id) throw new HttpError(409, `the sku ${sku} is taken`);
  }
}

function orderOr404(id) {
  const order = orders.get(Number(id));
  if (!order) throw new HttpError(404, `no order ${id}`);
  return order;
}

const router = express.Router();

router.post('/customers', (req, res) => {
  const { email, name, password, newsletter } = req.body;
  if ([...customers.values()].some((other) => other.email === email)) {
    throw new HttpError(409, `${email} has signed up already`);
  }
  if (BUG === 'crash-on-quote-or-percent' && /['%]/.test(name)) throw new Error(`unterminated string in ${name}`);
  const customer = { id: randomUUID(), email, name, password, newsletter };
  customers.set(customer.id, customer);
  res.status(201).json(customerView(customer));
});

router.get('/customers/me', (req, res) => {
  res.json(customerView(req.customer));
});

router.get('/products', (req, res) => {
  const { limit, offset, category, sort } = req.query;
  const found = [...products.values()].filter((product) => !category || product.category === category);
  if (sort) {
    const key = sort.replace('-', '');
    const sign = sort.startsWith('-') ? -1 : 1;
    found.sort((a, b) => (a[key] < b[key] ? -sign : a[key] > b[key] ? sign : 0));
  }
  res.json({ data: slice(found, offset, limit).map(productView), total: found.length });
});

router.post('/products', (req, res) => {
  const { sku, name, description = null, category, price, tags = [] } = req.body;
  checkSku(sku);
  if (BUG === 'crash-on-long-text' && description && description.length > 200) throw new Error('data too long');
  const product = { id: randomUUID(), sku, name, description, category, price, tags, createdAt: new Date().toISOString() };
  if (BUG === 'field-lost-on-create') product.description = null;
  products.set(product.id, product);
  res.status(BUG === 'wrong-success-status' ? 200 : 201).json(productView(product));
});

router.get('/products/:productId', (req, res) => {
  res.json(productView(productOr404(req.params.productId)));
});

router.put('/products/:productId', (req, res) => {
  const old = productOr404(req.params.productId);
  const { sku, name, description = null, category, price, tags = [] } = req.body;
  checkSku(sku, old.id);
  const product = { id: old.id, sku, name, description, category, price, tags, createdAt: old.createdAt };
  if (BUG !== 'put-not-stored') products.set(old.id, product);
  res.json(productView(product));
});

router.delete('/products/:productId', (req, res) => {
  const product = productOr404(req.params.productId);
  if (BUG !== 'delete-does-nothing') products.delete(product.id);
  res.status(204).end();
});

router.post('/products/:productId/images', (req, res) => {
  productOr404(req.params.productId);
  res.status(201).json(req.files.map(({ originalname, mimetype, size }) => ({ filename: originalname, mimetype, size })));
});

router.get('/orders', (req, res) => {
  const { page, pageSize, status } = req.query;
  const found = [...orders.values()].filter((order) => !status || order.status === status);
  res.json({ data: slice(found, (page - 1) * pageSize, pageSize).map(orderView), page, total: found.length });
});

router.post('/orders', (req, res) => {
  const { lines, payment, note = null, deliverAt = null } = req.body;
  let total = 0;
  for (const { productId, quantity } of lines) {
    const product = products.get(productId.toLowerCase());
    if (!product) throw new HttpError(422, `no product ${productId}`);
    total += product.price * quantity;
  }
  lastOrder += 1;
  const placedAt = new Date().toISOString();
  const order = { id: lastOrder, lines, payment, note, deliverAt, status: 'placed', total, placedAt };
  orders.set(order.id, order);
  res.status(201).location(`/v1/orders/${order.id}`).json(orderView(order));
});

router.get('/orders/:orderId', (req, res) => {
  res.json(orderView(orderOr404(req.params.orderId)));
});

router.patch('/orders/:orderId', (req, res) => {
  const order = orderOr404(req.params.orderId);
  Object.assign(order, req.body);
  res.json(orderView(order));
});

router.delete('/orders/:orderId', (req, res) => {
  const order = orderOr404(req.params.orderId);
  orders.delete(order.id);
  res.status(204).end();
});

const app = express();
app.use(express.json());
app.use('/openapi.yaml', express.static(DOCUMENT));
app.use(
  OpenApiValidator.middleware({
    apiSpec: apiSpec(),
    validateSecurity: {
      handlers: {
        bearerAuth(req) {
          const [scheme, token] = (req.headers.authorization || '').split(' ');
          req.customer = /^bearer$/i.test(scheme) ? tokens.get(token) : undefined;
          return Boolean(req.customer);
        },
      },
    },
  }),
);
app.use('/v1', router);
app.use((err, req, res, next) => {
  if (!err.status) console.error(err);
  res.status(err.status || 500).json({ message: err.message, errors: err.errors });
});

app.listen(Number(process.argv[2]), '127.0.0.1');
