import { BadRequestException, Injectable, Module } from "@nestjs/common";
import { Data, Feed, From, InjectHub, OnCall, OnTopic, RealtimeModule } from "@tidewire/nest";
import type { Hub, Sender } from "@tidewire/server";
import { interval, map } from "rxjs";

@Injectable()
export class ChatService {
  readonly #hub: Hub;
  constructor(@InjectHub() hub: Hub) {
    this.#hub = hub;
  }

  /** What clients send to the topic "say" is published on the topic "chat", once. */
  @OnTopic("say")
  async say(@Data() text: string, @From() { idempotencyKey }: Sender) {
    if (text.length > 500) throw new BadRequestException("At most 500 characters.");
    await this.#hub.publish("chat", { text, at: Date.now() }, { idempotencyKey });
  }

  /** Answers `client.call("add", [1, 2])`. */
  @OnCall("add")
  add([a, b]: [number, number]) {
    return a + b;
  }

  /** Published from the start of the application to its end. */
  @Feed("clock")
  clock() {
    return interval(1000).pipe(map(() => Date.now()));
  }
}

@Module({ imports: [RealtimeModule.forRoot({ path: "/realtime" })], providers: [ChatService] })
export class AppModule {}
