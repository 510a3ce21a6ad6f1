import { Body, Controller, Get, HttpCode, Module, Post } from "@nestjs/common";
import { InjectHub, RealtimeModule } from "@tidewire/nest";
import type { Hub } from "@tidewire/server";

@Controller()
export class NewsController {
  constructor(@InjectHub() private readonly hub: Hub) {
    hub.topic("news", { clientPublish: true });
  }

  @Post("news")
  @HttpCode(200)
  publish(@Body() news: object) {
    return this.hub.publish("news", news);
  }

  @Get("health")
  health() {
    return this.hub.stats();
  }
}

@Module({ imports: [RealtimeModule.forRoot({ path: "/realtime", drainMs: 2000 })], controllers: [NewsController] })
export class NewsModule {}
