/** A WebSocket that the test holds the other end of. */
export class ScriptedSocket {
  static readonly opened: ScriptedSocket[] = [];
  readonly sent: unknown[] = [];
  readonly bufferedAmount = 0;
  readyState = 0;
  binaryType = "blob";
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly url: string;

  constructor(url: string) {
    this.url = url;
    ScriptedSocket.opened.push(this);
    queueMicrotask(() => {
      this.readyState = 1;
      this.onopen?.();
    });
  }

  send(data: unknown): void {
    this.sent.push(data);
  }

  close(): void {
    this.readyState = 3;
  }

  /** What the server says. */
  push(value: unknown): void {
    this.onmessage?.({ data: JSON.stringify(value) });
  }
}
