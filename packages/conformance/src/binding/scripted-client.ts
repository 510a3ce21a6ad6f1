import type { Client } from "@tidewire/core";
import { EMPTY } from "rxjs";
import { type ScriptedSource, scriptedSource } from "./scripted-source.ts";

/** A hub's client whose topics are moved by the test. */
export interface ScriptedClient {
  readonly client: Client;
  /** The topic of this name, whether it was asked for yet or not. */
  readonly topic: (name: string) => ScriptedSource<number, number>;
  /** The names that were asked for, each time anew. */
  readonly asked: string[];
}

/** Makes a client that dials nothing. */
export function scriptedClient(): ScriptedClient {
  const topics = new Map<string, ScriptedSource<number, number>>();
  const asked: string[] = [];
  const topic = (name: string): ScriptedSource<number, number> => {
    const known = topics.get(name) ?? scriptedSource<number, number>();
    topics.set(name, known);
    return known;
  };
  const client = {
    topic(name: string) {
      asked.push(name);
      return Object.defineProperty(topic(name).stream, "gaps$", { value: EMPTY, configurable: true });
    },
  };
  return { client: client as unknown as Client, topic, asked };
}
