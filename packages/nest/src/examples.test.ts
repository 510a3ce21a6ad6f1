import "reflect-metadata";
import { NestFactory } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { createClient, isRefusal } from "@tidewire/core";
import { expect, onTestFinished, test } from "vitest";
import { AppModule } from "./examples/app.module.ts";

test("the application of the README does what it says", async () => {
  const app = await NestFactory.create(AppModule, new ExpressAdapter(), { logger: false, forceCloseConnections: true });
  await app.listen(0, "127.0.0.1");
  const client = createClient({ url: `${await app.getUrl()}/realtime` });
  onTestFinished(async () => {
    client.close();
    await app.close();
  });
  const lines: string[] = [];
  const chat = client.topic<{ text: string }>("chat");
  chat.subscribe(({ text }) => lines.push(text));
  let ticks = 0;
  client.topic<number>("clock").subscribe(() => {
    ticks += 1;
  });
  await expect.poll(() => chat.status.status).toBe("open");
  await client.topic<never, string>("say").send("hello");
  await expect.poll(() => lines).toEqual(["hello"]);
  await expect(client.topic("say").send("x".repeat(501))).rejects.toSatisfy((error) => isRefusal(error, "bad-request"));
  await expect(client.call("add", [1, 2])).resolves.toBe(3);
  await expect.poll(() => ticks).toBeGreaterThan(0);
});
