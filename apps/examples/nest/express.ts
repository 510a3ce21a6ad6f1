import "reflect-metadata";
import { NestFactory } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { NewsModule } from "./news.js";

const app = await NestFactory.create(NewsModule, new ExpressAdapter(), {
  logger: ["error"],
  forceCloseConnections: true,
});
await app.listen(Number(process.env["PORT"] ?? 3000));
process.once("SIGTERM", () => app.close()); // every client is sent elsewhere, then the server closes
