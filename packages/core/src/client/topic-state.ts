import { type Cursor, type DownFrame, type From, formatCursor, type Sub, type TidewireError } from "@tidewire/wire";
import type { Clock } from "../connection/clock.ts";
import { IDLE, type Status } from "../connection/status.ts";
import { createReaders, type Place, type Reader, type Readers } from "../stream/readers.ts";
import type { Schema } from "../stream/schema.ts";
import { validate } from "../stream/schema.ts";
import type { Endpoint } from "../stream/stream-of.ts";
import { Gate } from "./gate.ts";
import type { UpMessage } from "./uplink.ts";

/** History that can no longer be had: between `from` (exclusive) and `to` (inclusive). */
export interface Gap {
  readonly topic: string;
  readonly epoch: number;
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

/** How one topic is read. */
export interface TopicOptions<In = unknown, Out = unknown> {
  /** Where a first visit begins: "now" (default), "earliest", or with so many of the newest messages. */
  readonly from?: From | undefined;
  /** Checks and types what comes down: any Standard Schema. */
  readonly schema?: Schema<unknown, In> | undefined;
  /** Checks what goes up. */
  readonly sendSchema?: Schema<unknown, Out> | undefined;
  /** Called at each gap, before the first message after it: the place to fetch the state anew. */
  readonly onGap?: ((gap: Gap) => void) | undefined;
  /** How long the topic is read on after its last reader, in milliseconds. Default 1000. */
  readonly lingerMs?: number | undefined;
}

/** What a topic asks of the client that it belongs to. */
export interface TopicHost {
  /** Somebody reads the topic. */
  want(topic: TopicState): void;
  /** Nobody reads it any more. */
  unwant(topic: TopicState): void;
  send(message: UpMessage, isVolatile: boolean | undefined): Promise<void>;
  reconnect(): void;
  report(error: TidewireError): void;
}

/** One topic of one client: where it stands, who reads it, and how that is going. */
export class TopicState<In = unknown, Out = unknown> implements Endpoint<In, Out> {
  readonly name: string;
  readonly options: TopicOptions<In, Out>;
  readonly gate: Gate;
  /** A gap that the next line announced while an older one may still have the messages. */
  heldGap: Extract<DownFrame, { k: "gap" }> | undefined;
  status: Status = IDLE;
  readonly #host: TopicHost;
  readonly #readers: Readers<In>;
  readonly #statusListeners = new Set<(status: Status) => void>();
  readonly #gapListeners = new Set<(gap: Gap) => void>();
  /** The id of the message that is being told: where the cursor stands. */
  readonly #id: Place = { toString: () => formatCursor(this.name, this.gate.cursor ?? { e: 0, o: 0 }) };

  constructor(host: TopicHost, name: string, options: TopicOptions<In, Out>, cursor: Cursor | undefined, clock: Clock) {
    this.name = name;
    this.options = options;
    this.gate = new Gate(cursor);
    this.#host = host;
    this.#readers = createReaders<In>(clock, () => this.#rest(), options.lingerMs);
  }

  get isWanted(): boolean {
    return this.#readers.isActive;
  }

  /** What a hello or a `sub` says of this topic. */
  place(): Sub {
    const { cursor } = this.gate;
    if (cursor) return { t: this.name, e: cursor.e, o: cursor.o };
    return { t: this.name, from: this.options.from ?? "now" };
  }

  read(reader: Reader<In>): () => void {
    const wasWanted = this.isWanted;
    const leave = this.#readers.join(reader);
    if (!wasWanted) this.#host.want(this as TopicState);
    return leave;
  }

  watch(listener: (status: Status) => void): () => void {
    this.#statusListeners.add(listener);
    return () => void this.#statusListeners.delete(listener);
  }

  watchGaps(listener: (gap: Gap) => void): () => void {
    this.#gapListeners.add(listener);
    return () => void this.#gapListeners.delete(listener);
  }

  async send(data: Out, isVolatile: boolean | undefined): Promise<void> {
    const { sendSchema } = this.options;
    const d = sendSchema ? validate(sendSchema, data) : data;
    return this.#host.send({ k: "pub", t: this.name, d }, isVolatile);
  }

  reconnect(): void {
    this.#host.reconnect();
  }

  close(): void {
    this.#over({ status: "closed", error: undefined });
  }

  /** The hub has ended this topic; the others go on. */
  end(error: TidewireError): void {
    this.#over({ status: "failed", error });
  }

  deliver(value: unknown): void {
    const { schema } = this.options;
    let data: In;
    try {
      data = schema ? validate(schema, value) : (value as In);
    } catch (error) {
      return this.#host.report(error as TidewireError);
    }
    this.#readers.tell(data, "message", this.#id, this.name);
  }

  gap({ e, from, to, why }: Extract<DownFrame, { k: "gap" }>): void {
    this.heldGap = undefined;
    if (why === "rollback") this.gate.rollBack({ e, o: to });
    else if (!this.gate.gap(e, to)) return;
    const gap: Gap = { topic: this.name, epoch: e, from, to, why };
    this.options.onGap?.(gap);
    for (const listener of [...this.#gapListeners]) listener(gap);
  }

  /** The older line is gone: what it did not bring will not come. */
  releaseGap(): void {
    if (this.heldGap) this.gap(this.heldGap);
  }

  show(status: Status): void {
    if (status === this.status) return;
    this.status = status;
    for (const listener of [...this.#statusListeners]) listener(status);
  }

  #over(status: Status): void {
    this.show(status);
    this.gate.forget();
    this.#readers.end(status.error);
    this.#host.unwant(this as TopicState);
  }

  #rest(): void {
    this.gate.forget();
    this.heldGap = undefined;
    this.show(IDLE);
    this.#host.unwant(this as TopicState);
  }
}
