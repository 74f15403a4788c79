import type { Agent, ClientRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';

type Send<A extends readonly unknown[]> = (...args: A) => Promise<unknown>;

interface HttpTransport {
  readonly send: Send<[data: Uint8Array, timeoutMs: number]>;
  readonly _parameters?: { agentFactory: (protocol: string) => Agent | Promise<Agent> };
}

interface RetryingTransport {
  readonly _transport?: HttpTransport;
  retry?: Send<[data: Uint8Array, timeoutMs: number, inMs: number]>;
}

/** Where the SDK's exporter keeps how it sends. */
interface Sending {
  readonly _delegate?: { readonly _transport?: RetryingTransport };
}

/** A connection that does not keep the process alive. */
function release(socket: Duplex | null | undefined): void {
  if (socket !== null && socket !== undefined && 'unref' in socket)
    (socket as unknown as { unref(): void }).unref();
}

function releaseSockets(agent: Agent): Agent {
  const connect = agent.createConnection.bind(agent);
  const reuse = agent.reuseSocket.bind(agent);
  agent.createConnection = (...args) => {
    const socket = connect(...args);
    release(socket);
    return socket;
  };
  agent.reuseSocket = (socket: Duplex, request: ClientRequest) => {
    reuse(socket, request);
    release(socket);
  };
  return agent;
}

/**
 * Lets the process come to its end while spans are under way or wait to be sent again: the SDK holds it
 * for up to ten seconds then. What is left is sent when nothing else is to be done, for a shorter time.
 */
export function letProcessEnd(exporter: OTLPTraceExporter): OTLPTraceExporter {
  const retrying = (exporter as unknown as Sending)._delegate?._transport;
  const http = retrying?._transport;
  if (retrying?.retry === undefined || http?._parameters === undefined) return exporter;
  const { agentFactory } = http._parameters;
  http._parameters.agentFactory = async (protocol) => releaseSockets(await agentFactory(protocol));
  retrying.retry = async (data, timeoutMs, inMs) => {
    await wait(inMs, undefined, { ref: false });
    return http.send(data, timeoutMs);
  };
  return exporter;
}
