/** What is held elsewhere, by name. It keeps nothing alive, and forgets what went. */
export class WeakTable<Value extends object> {
  readonly #values = new Map<string, WeakRef<Value>>();
  readonly #forget = new FinalizationRegistry<string>((name) => {
    if (this.#values.get(name)?.deref() === undefined) this.#values.delete(name);
  });

  /** The value of this name, made where there is none. */
  get(name: string, make: () => Value): Value {
    const known = this.#values.get(name)?.deref();
    if (known) return known;
    const made = make();
    this.#values.set(name, new WeakRef(made));
    this.#forget.register(made, name);
    return made;
  }
}

/** Options as text. Functions and objects with a life of their own are made anew at each render: only their presence counts. */
export function fingerprint(options: object): string {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return JSON.stringify(given.sort(), (_name, value: unknown) => {
    if (typeof value === "function") return "function";
    const isMade = typeof value === "object" && value !== null && !Array.isArray(value);
    return isMade && Object.getPrototypeOf(value) !== Object.prototype ? "object" : value;
  });
}
