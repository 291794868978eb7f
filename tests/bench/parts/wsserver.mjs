// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The peer of ./platen bench channel: Node's `ws` with TLS, and better-sqlite3 behind it. What comes at /echo goes back; elsewhere a
// client greets, is answered, and submits ten values at a time, each acknowledged after a commit with synchronous=FULL. What came while a
// commit ran is committed together, as ours does. SIGUSR2 collects garbage, so that only what is needed is measured.
//
//   NODE_PATH=… node --expose-gc wsserver.mjs PORT CERTIFICATE KEY DATABASE
import {readFileSync} from 'node:fs';
import {createServer} from 'node:https';
import {createRequire} from 'node:module';

const load = createRequire(process.env.PLATEN_BENCH_MODULES + '/');
const {WebSocketServer} = load('ws');
const Database = load('better-sqlite3');
const [port, certificate, key, file] = process.argv.slice(2);

const database = new Database(file);
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.exec(`CREATE TABLE agent (id INTEGER PRIMARY KEY, hwm INTEGER NOT NULL, seen INTEGER NOT NULL, latest TEXT);
  CREATE TABLE sample (agent INTEGER NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL, value INTEGER NOT NULL)`);
const enrol = database.prepare('INSERT OR IGNORE INTO agent VALUES (?, 0, 0, NULL)');
const claim = database.prepare('UPDATE agent SET hwm = ?, seen = ?, latest = ? WHERE id = ? AND hwm = ?');
const add = database.prepare('INSERT INTO sample VALUES (?, ?, ?, ?)');

const sessions = new Map();
let waiting = [];
const store = database.transaction(batch => {
  const now = Date.now();
  for (const {message, text} of batch) {
    enrol.run(message.agent);
    if (claim.run(message.seq, now, text, message.agent, message.seq - 1).changes !== 1) continue;
    for (const [name, value] of Object.entries(message.values)) add.run(message.agent, name, now, value);
  }
});
function flush() {
  const batch = waiting;
  waiting = [];
  store(batch);
  for (const {socket, message} of batch) socket.send(String(message.seq).padEnd(120));
}
function submitted(socket, data) {
  const text = data.toString();
  if (waiting.push({socket, text, message: JSON.parse(text)}) === 1) setImmediate(flush);
}

const server = createServer({cert: readFileSync(certificate), key: readFileSync(key), ecdhCurve: 'X25519', minVersion: 'TLSv1.2'});
const sockets = new WebSocketServer({server, perMessageDeflate: false, maxPayload: 1 << 20});
sockets.on('connection', (socket, request) => {
  if (request.url === '/echo') return socket.on('message', data => socket.send(data));
  const session = {agent: 0, step: 0, since: Date.now()};
  socket.on('message', data => {
    if (session.step === 2) return submitted(socket, data);
    if (session.step++ === 0) {
      session.agent = Number(data.toString().trim());
      socket.send('h'.padEnd(180));
    } else {
      sessions.set(session.agent, session);
    }
  });
  socket.on('close', () => sessions.delete(session.agent));
  socket.on('error', () => {});
});
process.on('SIGUSR2', () => globalThis.gc());
server.listen(Number(port), '127.0.0.1', 8192, () => console.log('ready'));
