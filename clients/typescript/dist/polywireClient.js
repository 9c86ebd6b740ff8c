/*! Polywire client | Apache-2.0 */
"use strict";
(() => {
  // src/options.ts
  var Backoff = { min: 500, max: 3e4, factor: 2, retries: 10 };
  function settle(options) {
    const settings = {
      url: globalThis.location?.origin,
      path: "/primus",
      apiPath: "/api",
      cookieKey: "sessionID",
      timeout: 1e4,
      requestTimeout: 0,
      pingTimeout: 45e3,
      reconnect: Backoff,
      rejoin: true,
      queueSize: 1e3,
      fallback: true
    };
    for (const source of [{}/*polywire:options*/, options]) {
      for (const key in source) {
        const value = source[key];
        if (value !== void 0) settings[key] = key === "reconnect" ? merge(settings[key], value) : value;
      }
    }
    return settings;
  }
  function merge(before, now) {
    return now === true ? before || Backoff : now && { ...Backoff, ...before, ...now };
  }
  function backoff(reconnect, attempt) {
    if (!reconnect) return null;
    const { min, max, factor, retries } = { ...Backoff, ...reconnect };
    if (attempt > retries) return null;
    const wait = Math.min(max / 2, min * factor ** (attempt - 1)) * (1 + Math.random());
    return Math.round(Math.min(Math.max(1, min, wait), 2 ** 31 - 1));
  }
  function socketUrl(settings) {
    const url = serverUrl(settings, settings.path);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const session = cookie(settings.cookieKey);
    const named = session && `${encodeURIComponent(settings.cookieKey)}=${encodeURIComponent(session)}`;
    url.search = [url.search.slice(1), named, `_primuscb=${Date.now().toString(36)}`].filter((part) => part).join("&");
    return url.href;
  }
  function serverUrl({ url }, path) {
    if (!url) throw new TypeError(`there is no page to take the server's address from: set the option "url"`);
    let server;
    try {
      server = new URL(url.replace(/^ws/i, "http"), globalThis.location?.href);
    } catch {
      throw new TypeError(`the option "url" is no address: ${url}`);
    }
    server.pathname = path;
    server.hash = "";
    return server;
  }
  function cookie(key) {
    const text = key && globalThis.document?.cookie;
    const entry = text && text.split(";").map((part) => part.trim()).find((part) => part.startsWith(key + "="));
    return entry ? entry.slice(key.length + 1) : void 0;
  }

  // src/timer.ts
  function after(milliseconds, run) {
    return milliseconds > 0 && milliseconds < Infinity ? setTimeout(run, Math.min(milliseconds, 2 ** 31 - 1)) : void 0;
  }

  // src/http.ts
  async function actionOverHttp(settings, name, { httpMethod, ...params }) {
    const method = String(httpMethod || "POST").toUpperCase();
    const url = serverUrl(settings, settings.apiPath);
    url.searchParams.set("action", name);
    const request = { method };
    if (method === "GET" || method === "HEAD") {
      for (const key in params) {
        const value = params[key];
        if (value === void 0 || key === "action") continue;
        url.searchParams.set(key, typeof value === "object" ? JSON.stringify(value) : String(value));
      }
    } else {
      request.headers = { "Content-Type": "application/json" };
      request.body = JSON.stringify({ ...params, action: name });
    }
    const abort = new AbortController();
    const limit = settings.requestTimeout;
    const timer = after(limit, () => abort.abort());
    try {
      const response = await fetch(url, { ...request, signal: abort.signal });
      const responseText = await response.text();
      try {
        return JSON.parse(responseText);
      } catch {
        return { error: { statusText: response.statusText, responseText } };
      }
    } catch (error) {
      throw new Error(abort.signal.aborted ? `no answer to the action "${name}" within requestTimeout (${limit} ms)` : `the action "${name}" could not be sent over HTTP: ${error.message}`);
    } finally {
      clearTimeout(timer);
    }
  }

  // src/emitter.ts
  function guarded(run) {
    try {
      run();
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
  var Emitter = class {
    #entries = /* @__PURE__ */ new Map();
    on(event, listener) {
      return this.#add(event, { listener, once: false });
    }
    once(event, listener) {
      return this.#add(event, { listener, once: true });
    }
    /** Removes a listener, or all of the event. */
    off(event, listener) {
      const left = listener ? (this.#entries.get(event) ?? []).filter((entry) => entry.listener !== listener) : [];
      if (left.length) this.#entries.set(event, left);
      else this.#entries.delete(event);
      return this;
    }
    /** The same as `on`. */
    addListener(event, listener) {
      return this.on(event, listener);
    }
    /** The same as `off`. */
    removeListener(event, listener) {
      return this.off(event, listener);
    }
    /** Removes the listeners of an event, or of all. */
    removeAllListeners(event) {
      if (event === void 0) this.#entries.clear();
      else this.#entries.delete(event);
      return this;
    }
    /** Calls the listeners of an event; one that throws does not stop the others. Tells whether there were any. */
    emit(event, ...values) {
      const entries = this.#entries.get(event);
      if (!entries) return false;
      for (const entry of entries) {
        if (entry.once) this.#remove(event, entry);
        guarded(() => entry.listener.apply(this, values));
      }
      return true;
    }
    // Lists are replaced, never changed: the one that emit walks through stays as it was.
    #add(event, entry) {
      if (typeof entry.listener !== "function") throw new TypeError(`the listener for "${event}" is no function`);
      this.#entries.set(event, [...this.#entries.get(event) ?? [], entry]);
      return this;
    }
    #remove(event, entry) {
      const left = (this.#entries.get(event) ?? []).filter((other) => other !== entry);
      if (left.length) this.#entries.set(event, left);
      else this.#entries.delete(event);
    }
  };

  // src/requests.ts
  function promised(callback, start) {
    if (typeof callback !== "function") {
      return new Promise((resolve, reject) => start((error, answer) => error ? reject(error) : resolve(answer)));
    }
    start((error, answer) => {
      const response = error ? { error: error.message } : answer;
      guarded(() => callback.length > 1 ? callback(response?.error ?? null, response) : callback(response));
    });
    return void 0;
  }
  var MaxAbandoned = 1e3;
  var Requests = class {
    #waiting = /* @__PURE__ */ new Set();
    #sent = /* @__PURE__ */ new Map();
    // The ids of those that ran out of time: an answer may still come, and belongs to nobody else.
    #abandoned = /* @__PURE__ */ new Set();
    #lastId = 0;
    /** How many wait for a connection. */
    get waiting() {
      return this.#waiting.size;
    }
    /** The last id given out; ids count from 1 on each connection. */
    get lastId() {
      return this.#lastId;
    }
    /** Makes a request of a message; throws where it cannot be sent. A time limit runs from here. */
    create(message, limit, done) {
      if (message === null || typeof message !== "object") throw new TypeError("a request is an object");
      const { messageId, ...rest } = message;
      let over = false;
      const request = {
        event: String(rest.event),
        room: rest.room,
        body: JSON.stringify(rest),
        id: messageId,
        done: (error, answer) => {
          if (over) return;
          over = true;
          clearTimeout(timer);
          done(error, answer);
        }
      };
      const timer = after(limit, () => {
        this.#abandon(request);
        request.done(new Error(`no answer to "${request.event}" within requestTimeout (${limit} ms)`));
      });
      return request;
    }
    /** Keeps a request until there is a connection. */
    keep(request) {
      this.#waiting.add(request);
    }
    /** Takes what was kept, in the order of the calls. */
    takeWaiting() {
      const taken = [...this.#waiting];
      this.#waiting.clear();
      return taken;
    }
    /** Gives a request its id and returns the text to send; throws where the id is taken. */
    send(request) {
      let id = request.id;
      if (!id) {
        do
          id = ++this.#lastId;
        while (this.#isTaken(String(id)));
      }
      const key = JSON.stringify(id);
      if (this.#isTaken(key)) throw new Error(`a request with the messageId ${key} has no answer yet`);
      this.#sent.set(key, request);
      return `{"messageId":${key}${request.body === "{}" ? "" : ","}${request.body.slice(1)}`;
    }
    /** Takes the request that an answer belongs to. */
    takeSent(answer) {
      const key = JSON.stringify(answer.messageId);
      const request = this.#sent.get(key);
      this.#sent.delete(key);
      this.#abandoned.delete(key);
      return request;
    }
    /** Takes all that have no answer, and counts from 1 again: nothing of theirs can come on another connection. */
    takeAllSent() {
      const taken = [...this.#sent.values()];
      this.#sent.clear();
      this.#abandoned.clear();
      this.#lastId = 0;
      return taken;
    }
    /** Lets a request go that could not be sent. */
    forget(request) {
      this.#waiting.delete(request);
      const key = this.#keyOf(request);
      if (key !== void 0) this.#sent.delete(key);
    }
    // Lets a request go that may be answered later.
    #abandon(request) {
      const key = this.#keyOf(request);
      this.forget(request);
      if (key === void 0) return;
      this.#abandoned.add(key);
      if (this.#abandoned.size > MaxAbandoned) this.#abandoned.delete(this.#abandoned.values().next().value);
    }
    #isTaken(key) {
      return this.#sent.has(key) || this.#abandoned.has(key);
    }
    // The id it was sent with, as JSON; none while it waits.
    #keyOf(request) {
      for (const [key, other] of this.#sent) if (other === request) return key;
      return void 0;
    }
  };

  // src/session.ts
  var OwnEvents = /* @__PURE__ */ new Set(["connected", "disconnected", "reconnecting", "reconnect", "timeout", "error", "message"]);
  var Session = class extends Emitter {
    /** The settings in force; a change counts from the next connect or request. */
    options;
    /** The connection's id; null before the first. */
    id = null;
    /** The session, the same over HTTP; null before the first connect. */
    fingerprint = null;
    /** The rooms this client is in, or will be in again. */
    rooms = [];
    /** The first `detailsView` answer of the current connection, or of the last. */
    details = null;
    /** What the server said first. */
    welcomeMessage = null;
    #state = "disconnected";
    #requests = new Requests();
    #connecting = [];
    #socket = null;
    #attempt = 0;
    // Counts the wishes of the caller, so that what belongs to an earlier one notices.
    #run = 0;
    #wasConnected = false;
    // Why there is no connection and will be none, until the next connect().
    #givenUp = null;
    #attemptTimer;
    #retryTimer;
    #silenceTimer;
    #online = () => {
      if (this.#retryTimer !== void 0) this.#open();
    };
    constructor(options) {
      super();
      this.options = settle(options);
    }
    get state() {
      return this.#state;
    }
    /** The id of the last request of this connection that was not named by the caller. */
    get messageId() {
      return this.#requests.lastId;
    }
    /** Closes the connection and does not come back; what has no answer is rejected. */
    disconnect() {
      const told = this.#state === "connected" || this.#state === "connecting";
      const error = new Error("disconnect() was called");
      this.#run++;
      const sent = this.#detach();
      this.#end("disconnected", error, () => {
        this.#givenUp = null;
        if (told) this.emit("disconnected", { reason: "" });
        this.#fail(sent, error);
      });
    }
    /** @internal */
    start(done) {
      const was = this.#state;
      this.#givenUp = null;
      this.#connecting.push(done);
      if (this.#socket && was !== "connected") return;
      const run = ++this.#run;
      this.#attempt = 0;
      if (was === "connected") {
        const lost = this.#detach();
        this.#state = "connecting";
        this.emit("disconnected", { reason: "connect() was called" });
        this.#fail(lost, new Error("the connection was given up: connect() was called again"));
        if (run !== this.#run) return;
      }
      if (was !== "reconnecting") {
        this.#wasConnected = false;
        this.#state = "connecting";
      }
      globalThis.addEventListener?.("online", this.#online);
      this.#open();
    }
    // One attempt, from here to `connected` or to `#failed`.
    #open() {
      this.#clear();
      let socket;
      try {
        const WebSocketClass = this.options.webSocket ?? globalThis.WebSocket;
        if (!WebSocketClass) throw new TypeError('there is no WebSocket here: hand one in with the option "webSocket"');
        socket = new WebSocketClass(socketUrl(this.options));
      } catch (error) {
        return this.#end("disconnected", error, () => this.emit("error", error));
      }
      let reason = "";
      let isOpen = false;
      this.#socket = socket;
      socket.onopen = () => {
        isOpen = true;
        if (socket === this.#socket) this.#greet(socket);
      };
      socket.onmessage = (event) => {
        if (socket === this.#socket) this.#receive(event.data);
      };
      socket.onerror = (event) => {
        reason = event?.message ?? "";
        if (!isOpen && socket === this.#socket) this.#closed(void 0, reason);
      };
      socket.onclose = (event) => {
        if (socket === this.#socket) this.#closed(event?.code, event?.reason || reason);
      };
      const limit = this.options.timeout;
      this.#attemptTimer = after(limit, () => this.#failed(new Error(`the server did not answer within timeout (${limit} ms)`), true));
    }
    #greet(socket) {
      this.#heard();
      if (this.#wasConnected) this.emit("reconnect");
      if (socket !== this.#socket) return;
      const rooms = this.options.rejoin ? [...this.rooms] : [];
      for (const room of rooms) this.#transmit({ event: "roomAdd", room }, () => {
      });
      this.#transmit({ event: "detailsView" }, (error, answer) => {
        if (socket !== this.#socket) return;
        if (error ?? answer.error) this.#failed(new Error(`the server gave no details: ${error?.message ?? answer.error}`));
        else this.#connected(answer, rooms);
      });
    }
    #connected(details, rooms) {
      clearTimeout(this.#attemptTimer);
      this.#attempt = 0;
      this.#wasConnected = true;
      this.#state = "connected";
      this.details = details;
      this.id = details.data?.id ?? null;
      this.fingerprint = details.data?.fingerprint ?? null;
      const run = this.#run;
      const callers = this.#connecting.splice(0);
      this.emit("connected");
      for (const done of callers) done(null, details);
      for (const room of rooms) {
        if (run !== this.#run) return;
        if (!details.data?.rooms?.includes(room)) this.emit("error", new Error(`the room "${room}" could not be joined again`));
      }
      this.#flush();
    }
    #receive(data) {
      this.#heard();
      let message;
      try {
        message = JSON.parse(data);
      } catch {
        this.emit("error", new Error("the server sent a message that is not JSON"));
        return;
      }
      if (typeof message === "string" && this.#control(message)) return;
      this.emit("message", message);
      const context = message?.context;
      if (context === "response") this.#answered(message);
      else if (context === "user") this.emit("say", message);
      else if (context === "alert") this.emit("alert", message);
      else if (context === "api" && message.welcome !== void 0) {
        this.welcomeMessage = message.welcome;
        this.emit("welcome", message);
      } else {
        if (typeof context === "string" && context !== "api" && !OwnEvents.has(context)) this.emit(context, message);
        this.emit("api", message);
      }
    }
    #control(text) {
      const [, word, rest] = /^primus::(ping|pong|id|server)::(.*)$/s.exec(text) ?? [];
      if (word === "ping") this.#socket?.send(JSON.stringify("primus::pong::" + rest));
      else if (word === "server" && rest === "close") this.#dismissed();
      return word !== void 0;
    }
    #answered(answer) {
      const request = this.#requests.takeSent(answer);
      if (!request) return;
      if (!answer.error) {
        const { event, room } = request;
        const name = String(room);
        if (event === "detailsView" && Array.isArray(answer.data?.rooms)) this.rooms = [...answer.data.rooms];
        if (event === "roomAdd" && !this.rooms.includes(name)) this.rooms = [...this.rooms, name];
        if (event === "roomLeave") this.rooms = this.rooms.filter((other) => other !== name);
      }
      request.done(null, answer);
    }
    /** @internal */
    ask(message, done) {
      if (this.#state === "connected" && !this.#requests.waiting) return this.#transmit(message, done);
      if (this.#givenUp) return done(new Error(`not connected: ${this.#givenUp.message}`));
      const limit = this.options.queueSize;
      if (this.#requests.waiting >= limit) return done(new Error(`not connected, and queueSize (${limit}) requests are waiting already`));
      try {
        this.#requests.keep(this.#requests.create(message, this.options.requestTimeout, done));
      } catch (error) {
        done(error);
      }
    }
    #transmit(message, done) {
      try {
        this.#send(this.#requests.create(message, this.options.requestTimeout, done));
      } catch (error) {
        done(error);
      }
    }
    #send(request) {
      try {
        this.#socket.send(this.#requests.send(request));
      } catch (error) {
        this.#requests.forget(request);
        request.done(error);
      }
    }
    // What a listener asks for meanwhile joins the end of the queue: the order of the calls stays.
    #flush() {
      while (this.#state === "connected" && this.#requests.waiting) {
        for (const request of this.#requests.takeWaiting()) this.#send(request);
      }
    }
    #closed(code, reason) {
      if (this.#state === "connected") this.#lost(code, reason);
      else this.#failed(new Error(`the server could not be reached${reason && ": " + reason}`));
    }
    // The wire of a connection is gone.
    #lost(code, reason, final = false) {
      const run = this.#run;
      const sent = this.#detach();
      const error = new Error(`the connection was lost${reason && ": " + reason}`);
      const tell = () => {
        this.emit("disconnected", { code, reason });
        this.#fail(sent, error);
      };
      if (final || backoff(this.options.reconnect, 1) === null) return this.#end("disconnected", error, tell);
      this.#state = "reconnecting";
      tell();
      if (run === this.#run) this.#retry(error);
    }
    // The server wants this client to stay away.
    #dismissed() {
      const reason = "the server ended the connection";
      if (this.#state === "connected") return this.#lost(void 0, reason, true);
      const error = new Error(reason);
      this.#fail(this.#detach(), error);
      this.#end("disconnected", error, () => this.emit("error", error));
    }
    // An attempt did not lead to a connection.
    #failed(error, timedOut = false) {
      const run = this.#run;
      this.#fail(this.#detach(), error);
      if (timedOut) this.emit("timeout");
      this.emit("error", error);
      if (run === this.#run) this.#retry(error, timedOut);
    }
    #retry(error, timedOut = false) {
      const attempt = ++this.#attempt;
      const delay = backoff(this.options.reconnect, attempt);
      if (delay === null) return this.#end(timedOut ? "timeout" : "disconnected", error);
      this.#retryTimer = after(delay, () => this.#open());
      this.emit("reconnecting", { attempt, delay });
    }
    // No further attempt is made: whoever waits for a connection is told why.
    #end(state, error, tell) {
      this.#state = state;
      this.#givenUp = error;
      globalThis.removeEventListener?.("online", this.#online);
      const callers = this.#connecting.splice(0);
      const waiting = this.#requests.takeWaiting();
      tell?.();
      for (const done of callers) done(error);
      this.#fail(waiting, error);
    }
    #fail(requests, error) {
      for (const request of requests) request.done(error);
    }
    #heard() {
      clearTimeout(this.#silenceTimer);
      const limit = this.options.pingTimeout;
      this.#silenceTimer = after(limit, () => this.#closed(void 0, `no message within pingTimeout (${limit} ms)`));
    }
    #clear() {
      for (const timer of [this.#attemptTimer, this.#retryTimer, this.#silenceTimer]) clearTimeout(timer);
      this.#attemptTimer = this.#retryTimer = this.#silenceTimer = void 0;
    }
    // Lets the socket go; returns what was sent on it and has no answer.
    #detach() {
      const socket = this.#socket;
      this.#clear();
      this.#socket = null;
      if (socket) {
        socket.onopen = socket.onmessage = socket.onclose = null;
        socket.onerror = () => {
        };
        try {
          socket.close(1e3);
        } catch {
        }
      }
      return this.#requests.takeAllSent();
    }
  };

  // src/PolywireClient.ts
  var PolywireClient = class extends Session {
    connect(callback) {
      const both = callback && ((error, details) => callback(error, details));
      return promised(both, (done) => this.start(done));
    }
    action(name, params, callback) {
      if (typeof params === "function") return this.action(name, null, params);
      const inputs = { ...params, action: name };
      return promised(callback, (done) => {
        if (this.state !== "connected" && this.options.fallback) {
          actionOverHttp(this.options, name, inputs).then((answer) => done(null, answer), done);
        } else {
          delete inputs.httpMethod;
          this.ask({ event: "action", params: inputs, messageId: inputs.messageId }, done);
        }
      });
    }
    say(room, message, callback) {
      return this.#verb({ event: "say", room, message }, callback);
    }
    roomView(room, callback) {
      return this.#verb({ event: "roomView", room }, callback);
    }
    roomAdd(room, callback) {
      return this.#verb({ event: "roomAdd", room }, callback);
    }
    roomLeave(room, callback) {
      return this.#verb({ event: "roomLeave", room }, callback);
    }
    detailsView(callback) {
      return this.#verb({ event: "detailsView" }, callback);
    }
    documentation(callback) {
      return this.#verb({ event: "documentation" }, callback);
    }
    file(path, options, callback) {
      if (typeof options === "function") return this.file(path, null, options);
      return this.#verb({ event: "file", file: path, encoding: options?.encoding }, callback);
    }
    send(message, callback) {
      return this.#verb(message, callback);
    }
    #verb(message, callback) {
      return promised(callback, (done) => this.ask(message, done));
    }
  };

  // src/script.ts
  var page = globalThis;
  page.PolywireClient = PolywireClient;
  for (const name of ["ActionheroClient", "ActionheroWebsocketClient"]) page[name] ??= PolywireClient;
})();
