import type { Message, Realtime, Status } from "@tidewire/core";
import { BehaviorSubject, map, Observable, Subject } from "rxjs";

/** A stream whose every move is made by the test. */
export interface ScriptedSource<In, Out> {
  readonly stream: Realtime<In, Out>;
  /** How many read now. */
  readonly readers: () => number;
  /** How often it was dialled: a first reader came. */
  readonly dials: () => number;
  readonly reconnects: () => number;
  readonly sent: Out[];
  emit(...messages: In[]): void;
  become(status: Status): void;
  open(): void;
  /** Over on purpose: readers complete. */
  end(): void;
  /** Over for good: readers get the error. */
  fail(error: NonNullable<Status["error"]>): void;
}

const idle: Status = { status: "idle", error: undefined };

/** Makes a stream that emits `first` at once to whoever begins to read. */
export function scriptedSource<In = number, Out = string>(...first: In[]): ScriptedSource<In, Out> {
  const statuses = new BehaviorSubject<Status>(idle);
  let values = new Subject<In>();
  const sent: Out[] = [];
  let readers = 0;
  let dials = 0;
  let reconnects = 0;

  const reading = new Observable<In>((subscriber) => {
    readers += 1;
    if (readers === 1) {
      dials += 1;
      statuses.next({ status: "connecting", attempt: 1, error: undefined });
    }
    for (const message of first) subscriber.next(message);
    const subscription = values.subscribe(subscriber);
    return () => {
      readers -= 1;
      subscription.unsubscribe();
      const { status } = statuses.value;
      if (readers === 0 && status !== "closed" && status !== "failed") statuses.next(idle);
    };
  });
  const wholes = reading.pipe(map((data): Message<In> => ({ data, type: "message", id: "", topic: undefined })));
  const over = (status: Status, finish: (subject: Subject<In>) => void): void => {
    const ended = values;
    values = new Subject();
    statuses.next(status);
    finish(ended);
  };
  const end = (): void => over({ status: "closed", error: undefined }, (subject) => subject.complete());

  const stream = Object.defineProperties(reading, {
    messages$: { value: wholes },
    status$: { value: statuses.asObservable() },
    status: { get: () => statuses.value },
    send: { value: async (data: Out) => void sent.push(data) },
    reconnect: {
      value: () => {
        reconnects += 1;
      },
    },
    close: { value: end },
  }) as Realtime<In, Out>;

  return {
    stream,
    readers: () => readers,
    dials: () => dials,
    reconnects: () => reconnects,
    sent,
    emit(...messages) {
      for (const message of messages) values.next(message);
    },
    become: (status) => statuses.next(status),
    open: () => statuses.next({ status: "open", since: Date.now(), error: undefined }),
    end,
    fail: (error) => over({ status: "failed", error }, (subject) => subject.error(error)),
  };
}
