/*! Polywire client | Apache-2.0 */
/** Where a client stands: `timeout` is `disconnected` after a last attempt that took too long. */
export type ClientState = 'disconnected' | 'connecting' | 'connected' | 'reconnecting' | 'timeout';
/** When a client tries again; every wait is `min * factor^(n-1)` milliseconds, times a random 1 to 2, at most `max`. */
export interface ReconnectOptions {
    /** Milliseconds before the first retry, at least; 500 by default. */
    min?: number;
    /** Milliseconds before any retry, at most; 30000 by default. */
    max?: number;
    /** What each wait grows by; 2 by default. */
    factor?: number;
    /** Retries in a row before the client gives up; 10 by default. `Infinity` is allowed. */
    retries?: number;
}
/** Settings of a client. A file served by a Polywire server has that server's values as its defaults. */
export interface ClientOptions {
    /** Origin of the server; the page's own by default, required where there is no page. */
    url?: string;
    /** Path of the WebSocket endpoint; `/primus` by default. */
    path?: string;
    /** Path of actions over HTTP; `/api` by default. */
    apiPath?: string;
    /** Cookie whose value names the session, passed on in the query; `sessionID` by default, empty for none. */
    cookieKey?: string;
    /** Milliseconds that one attempt to connect may take, 10000 by default; 0 for no limit. */
    timeout?: number;
    /** Milliseconds that an answer may take, counted from the call; 0 by default, for no limit. */
    requestTimeout?: number;
    /** Milliseconds without any message after which the wire counts as dead, 45000 by default; 0 for no limit. */
    pingTimeout?: number;
    /** When to try again, the first connect included; `false` for never. */
    reconnect?: ReconnectOptions | boolean;
    /** Whether rooms are joined again after a reconnect; true by default. */
    rejoin?: boolean;
    /** Requests kept while not connected, 1000 by default; more are rejected. */
    queueSize?: number;
    /** The WebSocket class; the global one by default. */
    webSocket?: WebSocketClass;
    /** Whether actions go over HTTP while not connected (default), or wait like the other requests. */
    fallback?: boolean;
}
/** What a client asks of a WebSocket class: the part of the browser's that the package `ws` has too. */
export type WebSocketClass = new (url: string) => WebSocketLike;
/** What a client asks of a WebSocket. */
export interface WebSocketLike {
    onopen: ((event: any) => void) | null;
    onmessage: ((event: any) => void) | null;
    onclose: ((event: any) => void) | null;
    onerror: ((event: any) => void) | null;
    send(text: string): void;
    close(code?: number): void;
}
/** What the server says to a request: the action's fields, or a verb's `status` and `data`; `error` where it failed. */
export interface Answer {
    error?: any;
    context?: string;
    messageId?: any;
    [field: string]: any;
}
/** The answer to `detailsView`. */
export interface Details extends Answer {
    data: {
        id: string;
        fingerprint: string;
        rooms: string[];
        [field: string]: any;
    };
}
/** What somebody said in a room; `from` is the speaker's connection, 0 for the server. */
export interface ChatMessage {
    message: any;
    room: string;
    from: string | number;
    sentAt: number;
    context: 'user';
    [field: string]: any;
}
/** Inputs of an action. `messageId` names the request, `httpMethod` counts where it goes over HTTP. */
export type Params = Record<string, any>;
/**
 * Gets `(response)`, or `(error, response)` if it declares two parameters or more. `error` is the response's own, else null.
 * Where no answer can come the response is `{error: reason}`.
 */
export type Callback = (errorOrResponse: any, response: any) => void;
/** Listeners by event; an event named after any other `context` gets the message. */
export interface ClientEvents {
    connected: () => void;
    /** Once for each connection lost; `code` and `reason` of the close, where there were any. */
    disconnected: (close: {
        code?: number;
        reason: string;
    }) => void;
    /** Before the wait of each retry; `attempt` counts from 1, `delay` is in milliseconds. */
    reconnecting: (next: {
        attempt: number;
        delay: number;
    }) => void;
    /** The wire is there again, rooms are not yet. */
    reconnect: () => void;
    /** An attempt to connect took too long. */
    timeout: () => void;
    error: (error: Error) => void;
    /** Every message, before its own event. */
    message: (message: any) => void;
    welcome: (message: any) => void;
    api: (message: any) => void;
    alert: (message: any) => void;
    say: (message: ChatMessage) => void;
}

/** Listeners by the name of an event, called in the order they were added. */
declare class Emitter {
    #private;
    /** Adds a listener. */
    on<E extends keyof ClientEvents>(event: E, listener: ClientEvents[E]): this;
    on(event: string, listener: (...values: any[]) => void): this;
    /** Adds a listener for the next time only. */
    once<E extends keyof ClientEvents>(event: E, listener: ClientEvents[E]): this;
    once(event: string, listener: (...values: any[]) => void): this;
    /** Removes a listener, or all of the event. */
    off(event: string, listener?: (...values: any[]) => void): this;
    /** The same as `on`. */
    addListener(event: string, listener: (...values: any[]) => void): this;
    /** The same as `off`. */
    removeListener(event: string, listener?: (...values: any[]) => void): this;
    /** Removes the listeners of an event, or of all. */
    removeAllListeners(event?: string): this;
    /** Calls the listeners of an event; one that throws does not stop the others. Tells whether there were any. */
    emit(event: string, ...values: any[]): boolean;
}

/** The options of a client, each with its value. */
export type Settings = Required<Omit<ClientOptions, 'url' | 'webSocket'>> & Pick<ClientOptions, 'url' | 'webSocket'>;

/** The connection itself: its state, its attempts, its rooms, and what was asked on it. */
declare abstract class Session extends Emitter {
    #private;
    /** The settings in force; a change counts from the next connect or request. */
    readonly options: Settings;
    /** The connection's id; null before the first. */
    id: string | null;
    /** The session, the same over HTTP; null before the first connect. */
    fingerprint: string | null;
    /** The rooms this client is in, or will be in again. */
    rooms: string[];
    /** The first `detailsView` answer of the current connection, or of the last. */
    details: Details | null;
    /** What the server said first. */
    welcomeMessage: string | null;
    constructor(options?: ClientOptions);
    get state(): ClientState;
    /** The id of the last request of this connection that was not named by the caller. */
    get messageId(): number;
    /** Closes the connection and does not come back; what has no answer is rejected. */
    disconnect(): void;
}

/**
 * A connection to a Polywire or ActionHero server that comes back when it is lost.
 *
 * Methods take a callback, or return a Promise where there is none. A Promise resolves with the response also where that has an
 * `error`; it rejects only if no answer can come, and a request is never sent twice.
 */
export declare class PolywireClient extends Session {
    #private;
    /** Connects, and tries again as `reconnect` says; ends with the first success or the final failure. While connected it starts afresh. */
    connect(): Promise<Details>;
    connect(callback: (error: string | null, details: Details) => void): void;
    /** Runs an action; over HTTP while not connected. */
    action<T extends Answer = Answer>(name: string, params?: Params): Promise<T>;
    action(name: string, callback: Callback): void;
    action(name: string, params: Params | null | undefined, callback: Callback): void;
    /** Says something in a room that this client is in. */
    say(room: string, message: any): Promise<Answer>;
    say(room: string, message: any, callback: Callback): void;
    /** Shows who is in a room that this client is in. */
    roomView(room: string): Promise<Answer>;
    roomView(room: string, callback: Callback): void;
    /** Joins a room. */
    roomAdd(room: string): Promise<Answer>;
    roomAdd(room: string, callback: Callback): void;
    /** Leaves a room. */
    roomLeave(room: string): Promise<Answer>;
    roomLeave(room: string, callback: Callback): void;
    /** Shows this connection: id, rooms, counters. */
    detailsView(): Promise<Details>;
    detailsView(callback: Callback): void;
    /** Shows every action of the server. */
    documentation(): Promise<Answer>;
    documentation(callback: Callback): void;
    /** Gets a public file as text, or as base64 with `{encoding: 'base64'}`. */
    file(path: string, options?: {
        encoding?: string;
    }): Promise<Answer>;
    file(path: string, callback: Callback): void;
    file(path: string, options: {
        encoding?: string;
    } | null | undefined, callback: Callback): void;
    /** Sends any request object; its `messageId` is kept. */
    send(message: Record<string, any>): Promise<Answer>;
    send(message: Record<string, any>, callback: Callback): void;
}

export default PolywireClient;
