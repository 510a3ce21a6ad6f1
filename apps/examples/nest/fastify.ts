import "reflect-metadata";
import { NestFactory } from "@nestjs/core";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { NewsModule } from "./news.js";

const adapter = new FastifyAdapter({ forceCloseConnections: true });
const app = await NestFactory.create(NewsModule, adapter, { logger: ["error"] });
await app.listen(Number(process.env["PORT"] ?? 3000));
process.once("SIGTERM", () => app.close()); // every client is sent elsewhere, then the server closes
