// Rooms and their bookings, as the guides of Fastify and @fastify/swagger have it, in memory.
const { randomUUID } = require('node:crypto');
const Fastify = require('fastify');

const BUG = process.env.SERVICE_BUG || '';

const rooms = new Map();
const bookings = new Map();
const users = new Map();
let lastRoom = 0;

const Text = { type: 'string' };
const DateTime = { type: 'string', format: 'date-time' };
const Kind = { type: 'string', enum: ['meeting', 'office', 'hall'] };

const errorSchema = {
  $id: 'Error',
  type: 'object',
  required: ['statusCode', 'error', 'message'],
  properties: { statusCode: { type: 'integer' }, code: Text, error: Text, message: Text },
};

const newUserSchema = {
  $id: 'NewUser',
  type: 'object',
  required: ['login', 'password'],
  additionalProperties: false,
  properties: {
    login: { type: 'string', minLength: 3, maxLength: 30, pattern: '^[a-z][a-z0-9]*$' },
    password: { type: 'string', minLength: 8, maxLength: 72 },
    nickname: { type: 'string', nullable: true, default: null },
  },
};

const userSchema = {
  $id: 'User',
  type: 'object',
  required: ['id', 'login', 'nickname', 'createdAt'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    login: Text,
    nickname: { type: 'string', nullable: true },
    createdAt: DateTime,
  },
};

const newRoomSchema = {
  $id: 'NewRoom',
  type: 'object',
  required: ['name', 'kind', 'seats'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 60 },
    kind: Kind,
    seats: { type: 'integer', minimum: 1, maximum: 500 },
    floor: { type: 'integer', nullable: true },
    notice: Text,
    equipment: { type: 'array', items: { type: 'string', enum: ['screen', 'phone', 'whiteboard'] }, uniqueItems: true },
  },
};

const roomSchema = {
  $id: 'Room',
  type: 'object',
  required: ['id', 'name', 'kind', 'seats', 'equipment', 'createdAt'],
  properties: {
    id: { type: 'integer' },
    name: Text,
    kind: Kind,
    seats: { type: 'integer' },
    floor: { type: 'integer', nullable: true },
    notice: Text,
    equipment: { type: 'array', items: Text },
    hasPlan: { type: 'boolean' },
    createdAt: DateTime,
  },
};

const guestSchema = {
  $id: 'Guest',
  anyOf: [
    {
      type: 'object',
      required: ['type', 'company'],
      properties: { type: { type: 'string', enum: ['company'] }, company: { type: 'string', minLength: 1 } },
    },
    {
      type: 'object',
      required: ['type', 'firstName', 'lastName'],
      properties: {
        type: { type: 'string', enum: ['person'] },
        firstName: { type: 'string', minLength: 1 },
        lastName: { type: 'string', minLength: 1 },
      },
    },
  ],
};

const newBookingSchema = {
  $id: 'NewBooking',
  type: 'object',
  required: ['from', 'minutes', 'guest'],
  properties: {
    from: DateTime,
    minutes: { type: 'integer', minimum: 15, maximum: 480 },
    guest: { $ref: 'Guest#' },
    remark: { type: 'string', nullable: true },
  },
};

const bookingSchema = {
  $id: 'Booking',
  type: 'object',
  required: ['id', 'roomId', 'from', 'minutes', 'guest', 'remark', 'createdAt'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    roomId: { type: 'integer' },
    from: DateTime,
    minutes: { type: 'integer' },
    guest: { $ref: 'Guest#' },
    remark: { type: 'string', nullable: true },
    createdAt: DateTime,
  },
};

const failures = (...statuses) => Object.fromEntries(statuses.map((status) => [status, { description: 'Refused', $ref: 'Error#' }]));
const body = (id, description) => ({ description, $ref: `${id}#` });
const roomParams = { type: 'object', properties: { roomId: { type: 'integer' } }, required: ['roomId'] };
const bookingParams = { type: 'object', properties: { bookingId: { type: 'string', format: 'uuid' } }, required: ['bookingId'] };
const security = [{ bearerAuth: [] }];

function refused(statusCode, message) {
  return Object.assign(new Error(message), { statusCode });
}

function roomOr404(id) {
  if (!rooms.has(id)) throw refused(404, `there is no room ${id}`);
  return rooms.get(id);
}

function bookingOr404(id) {
  const booking = bookings.get(id.toLowerCase());
  if (!booking) throw refused(404, `there is no booking ${id}`);
  return booking;
}

function roomView(room) {
  const view = { ...room };
  if (BUG === 'wrong-type') view.seats = String(room.seats);
  if (BUG === 'missing-required-property') delete view.equipment;
  if (BUG === 'null-in-excluded-property' && room.notice === undefined) view.notice = null;
  if (BUG === 'undocumented-enum-value' && room.kind === 'hall') view.kind = 'auditorium';
  return view;
}

function bookingView(booking) {
  const view = { ...booking };
  if (BUG === 'datetime-without-offset') view.createdAt = booking.createdAt.slice(0, -1);
  return view;
}

async function routes(app) {
  const authenticated = { onRequest: app.verifyBearerAuth };

  app.post(
    '/users',
    { schema: { tags: ['users'], body: { $ref: 'NewUser#' }, response: { 201: body('User', 'Signed up'), ...failures(400, 409) } } },
    async (request, reply) => {
      const { login, password, nickname } = request.body;
      if ([...users.values()].some((user) => user.login === login)) throw refused(409, `${login} is taken`);
      const user = { id: randomUUID(), login, password, nickname, createdAt: new Date().toISOString() };
      users.set(user.id, user);
      reply.code(201);
      if (BUG === 'writeonly-leaked') return user;
      const { password: secret, ...shown } = user;
      return shown;
    },
  );

  app.get(
    '/rooms',
    {
      schema: {
        tags: ['rooms'],
        querystring: {
          type: 'object',
          properties: {
            limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
            after: { type: 'integer', description: 'The id of the last room of the page before' },
            kind: Kind,
          },
        },
        response: {
          200: {
            description: 'A page of rooms',
            type: 'object',
            required: ['items', 'next'],
            properties: { items: { type: 'array', items: { $ref: 'Room#' } }, next: { type: 'integer', nullable: true } },
          },
          ...failures(400),
        },
      },
    },
    async (request) => {
      const { limit, after, kind } = request.query;
      const found = [...rooms.values()].filter((room) => (!kind || room.kind === kind) && (after === undefined || room.id > after));
      const items = BUG === 'page-limit-ignored' ? found : found.slice(0, limit);
      return { items: items.map(roomView), next: found.length > items.length ? items.at(-1).id : null };
    },
  );

  app.post(
    '/rooms',
    {
      ...(BUG === 'auth-not-required' ? {} : authenticated),
      ...(BUG === 'invalid-input-accepted' ? { validatorCompiler: withoutBounds } : {}),
      schema: { tags: ['rooms'], security, body: { $ref: 'NewRoom#' }, response: { 201: body('Room', 'Created'), ...failures(400, 401) } },
    },
    async (request, reply) => {
      const { name, kind, seats, floor = null, notice, equipment = [] } = request.body;
      if (BUG === 'crash-on-long-text' && notice && notice.length > 200) throw new Error('value too long');
      lastRoom += 1;
      const room = { id: lastRoom, name, kind, seats, floor, notice, equipment, hasPlan: false, createdAt: new Date().toISOString() };
      if (BUG === 'field-lost-on-create') room.floor = null;
      rooms.set(room.id, room);
      reply.code(BUG === 'wrong-success-status' ? 202 : 201);
      return roomView(room);
    },
  );

  app.get(
    '/rooms/:roomId',
    { schema: { tags: ['rooms'], params: roomParams, response: { 200: body('Room', 'The room'), ...failures(400, 404) } } },
    async (request) => roomView(roomOr404(request.params.roomId)),
  );

  app.put(
    '/rooms/:roomId',
    {
      ...authenticated,
      schema: {
        tags: ['rooms'],
        security,
        params: roomParams,
        body: { $ref: 'NewRoom#' },
        response: { 200: body('Room', 'Replaced'), ...failures(400, 401, 404) },
      },
    },
    async (request) => {
      const old = roomOr404(request.params.roomId);
      const { name, kind, seats, floor = null, notice, equipment = [] } = request.body;
      const room = { ...old, name, kind, seats, floor, notice, equipment };
      if (BUG !== 'put-not-stored') rooms.set(room.id, room);
      return roomView(room);
    },
  );

  app.delete(
    '/rooms/:roomId',
    {
      ...authenticated,
      schema: {
        tags: ['rooms'],
        security,
        params: roomParams,
        response: { 204: { description: 'Deleted', type: 'null' }, ...failures(400, 401, 404, 409) },
      },
    },
    async (request, reply) => {
      const room = roomOr404(request.params.roomId);
      if ([...bookings.values()].some((booking) => booking.roomId === room.id)) throw refused(409, 'the room is booked');
      rooms.delete(room.id);
      return reply.code(204).send();
    },
  );

  app.post(
    '/rooms/:roomId/plan',
    {
      ...authenticated,
      schema: {
        tags: ['rooms'],
        security,
        consumes: ['multipart/form-data'],
        params: roomParams,
        body: { type: 'object', required: ['plan'], properties: { plan: { isFile: true } } },
        response: { 200: body('Room', 'The room, with a plan'), ...failures(400, 401, 404, 413) },
      },
    },
    async (request) => {
      const room = roomOr404(request.params.roomId);
      await request.body.plan.toBuffer();
      room.hasPlan = true;
      return roomView(room);
    },
  );

  app.get(
    '/rooms/:roomId/bookings',
    {
      schema: {
        tags: ['bookings'],
        params: roomParams,
        response: { 200: { description: 'The bookings', type: 'array', items: { $ref: 'Booking#' } }, ...failures(400, 404) },
      },
    },
    async (request) => {
      const room = roomOr404(request.params.roomId);
      return [...bookings.values()].filter((booking) => booking.roomId === room.id).map(bookingView);
    },
  );

  app.post(
    '/rooms/:roomId/bookings',
    {
      ...authenticated,
      schema: {
        tags: ['bookings'],
        security,
        params: roomParams,
        body: { $ref: 'NewBooking#' },
        response: { 201: body('Booking', 'Booked'), ...failures(400, 401, 404) },
      },
    },
    async (request, reply) => {
      const room = roomOr404(request.params.roomId);
      const { from, minutes, guest, remark = null } = request.body;
      if (BUG === 'crash-on-quote-or-percent' && /['%]/.test(remark || '')) throw new Error(`near "${remark}": syntax error`);
      const booking = { id: randomUUID(), roomId: room.id, from, minutes, guest, remark, createdAt: new Date().toISOString() };
      bookings.set(booking.id, booking);
      reply.code(201);
      return bookingView(booking);
    },
  );

  app.get(
    '/bookings/:bookingId',
    { schema: { tags: ['bookings'], params: bookingParams, response: { 200: body('Booking', 'The booking'), ...failures(400, 404) } } },
    async (request) => bookingView(bookingOr404(request.params.bookingId)),
  );

  app.patch(
    '/bookings/:bookingId',
    {
      ...authenticated,
      schema: {
        tags: ['bookings'],
        security,
        params: bookingParams,
        body: {
          type: 'object',
          minProperties: 1,
          properties: { minutes: { type: 'integer', minimum: 15, maximum: 480 }, remark: { type: 'string', nullable: true } },
        },
        response: { 200: body('Booking', 'Changed'), ...failures(400, 401, 404) },
      },
    },
    async (request) => {
      const booking = bookingOr404(request.params.bookingId);
      const { minutes = booking.minutes, remark = booking.remark } = request.body;
      return bookingView(Object.assign(booking, { minutes, remark }));
    },
  );

  app.delete(
    '/bookings/:bookingId',
    {
      ...authenticated,
      schema: {
        tags: ['bookings'],
        security,
        params: bookingParams,
        response: { 204: { description: 'Cancelled', type: 'null' }, ...failures(400, 401, 404) },
      },
    },
    async (request, reply) => {
      const booking = bookingOr404(request.params.bookingId);
      if (BUG !== 'delete-does-nothing') bookings.delete(booking.id);
      return reply.code(204).send();
    },
  );
}

// a bug: the body needs its required properties only
function withoutBounds({ schema }) {
  return (data) => {
    const missing = (schema.required || []).find((name) => !(name in Object(data)));
    return missing ? { error: new Error(`body must have required property '${missing}'`) } : { value: data };
  };
}

// what a reply's schema excludes is left out or converted by Fastify itself: these bugs come with a serializer that doesn't
const UNSERIALIZED = ['wrong-type', 'missing-required-property', 'null-in-excluded-property', 'writeonly-leaked'];

const told = ({ statusCode, code, error, message }) => ({ statusCode, code, error, message });

async function start(port) {
  const app = Fastify({ ajv: { plugins: [require('@fastify/multipart').ajvFilePlugin] } });
  if (UNSERIALIZED.includes(BUG)) app.setSerializerCompiler(() => (data) => JSON.stringify(data instanceof Error ? told(data) : data));
  await app.register(require('@fastify/multipart'), { attachFieldsToBody: true });
  await app.register(require('@fastify/swagger'), {
    openapi: {
      openapi: '3.0.3',
      info: { title: 'Rooms', version: '1.0.0' },
      components: { securitySchemes: { bearerAuth: { type: 'http', scheme: 'bearer' } } },
    },
    refResolver: { buildLocalReference: (json, baseUri, fragment, i) => json.$id || `def-${i}` },
  });
  await app.register(require('@fastify/bearer-auth'), {
    addHook: false,
    keys: new Set(['let-me-in']),
    errorResponse: (error) => ({ statusCode: 401, error: 'Unauthorized', message: error.message }),
  });
  for (const schema of [errorSchema, newUserSchema, userSchema, newRoomSchema, roomSchema, guestSchema, newBookingSchema, bookingSchema]) {
    app.addSchema(schema);
  }
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  await app.register(routes);
  await app.listen({ port, host: '127.0.0.1' });
}

start(Number(process.argv[2])).catch((error) => {
  console.error(error);
  process.exit(1);
});
