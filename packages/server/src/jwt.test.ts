import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, it, vi } from "vitest";
import { serveHub } from "./adapters/node.fixture.ts";
import { jwt } from "./jwt.ts";
import { dialTidewire } from "./session/peer.fixture.ts";

const secret = new TextEncoder().encode("a secret that is long enough for HS256");
const signed = (claims: object = {}, sign: Uint8Array | CryptoKey = secret, alg = "HS256") =>
  new SignJWT({ sub: "ann", exp: 4_000_000_000, ...claims }).setProtectedHeader({ alg }).sign(sign);
const url = new URL("http://hub/");
const bare = { url, header: () => undefined };

describe("JSON Web Tokens", () => {
  const authenticate = jwt({ key: secret, algorithms: ["HS256"] });

  it("give the subject and the end of the credentials", async () => {
    const token = await signed();
    const ann = { id: "ann", expiresAt: 4_000_000_000_000 };
    expect(await authenticate({ ...bare, token })).toEqual(ann);
    expect(await authenticate({ url, header: () => `Bearer ${token}` })).toEqual(ann);
  });

  it("are refused when absent, expired, tampered with, without an end or without a subject", async () => {
    const token = await signed();
    const refused = [
      undefined,
      "",
      "x.y.z",
      token.slice(0, -4),
      await signed({ exp: 1000 }),
      await signed({ exp: undefined }),
      await signed({ sub: undefined }),
      await signed({ nbf: 3_999_999_999 }),
      await signed({}, new TextEncoder().encode("another secret that is long enough")),
    ];
    for (const each of refused) expect(await authenticate({ ...bare, token: each })).toBeUndefined();
    expect(await authenticate({ url: new URL(`http://hub/?token=${token}`), header: () => undefined })).toBeUndefined();
  });

  it("do not choose their own algorithm", async () => {
    const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
    const byPair = jwt({ key: publicKey, algorithms: ["RS256"] });
    expect(await byPair({ ...bare, token: await signed({}, privateKey, "RS256") })).toMatchObject({ id: "ann" });
    expect(
      await byPair({ ...bare, token: await signed({}, privateKey, "RS256").then((t) => `${t}x`) }),
    ).toBeUndefined();
    // The classic: the public key as a shared secret, and no signature at all.
    const asSecret = new TextEncoder().encode(await exportSPKI(publicKey));
    expect(await byPair({ ...bare, token: await signed({}, asSecret) })).toBeUndefined();
    expect(await byPair({ ...bare, token: new UnsecuredJWT({ sub: "ann" }).encode() })).toBeUndefined();
    expect(await exportJWK(publicKey)).toMatchObject({ kty: "RSA" });
  });

  it("must be for this audience and of this issuer, where these are named", async () => {
    const strict = jwt({ key: secret, algorithms: ["HS256"], issuer: "us", audience: "hub" });
    expect(await strict({ ...bare, token: await signed({ iss: "us", aud: "hub" }) })).toMatchObject({ id: "ann" });
    expect(await strict({ ...bare, token: await signed({ iss: "us", aud: "other" }) })).toBeUndefined();
    expect(await strict({ ...bare, token: await signed({ iss: "them", aud: "hub" }) })).toBeUndefined();
  });

  it("become the principal that the application makes of them", async () => {
    const own = jwt({
      key: secret,
      algorithms: ["HS256"],
      principal: ({ sub, role }) => (role ? { id: `user:${sub}`, role } : undefined),
    });
    expect(await own({ ...bare, token: await signed({ role: "x" }) })).toMatchObject({ id: "user:ann", role: "x" });
    expect(await own({ ...bare, token: await signed() })).toBeUndefined();
  });

  it("refuse a client with 4401, and a key server that is down is no refusal of the token", async () => {
    const onError = vi.fn();
    const lost = jwt({ key: () => Promise.reject(new Error("the key server is down")), algorithms: ["HS256"] });
    const { ws } = await serveHub({ authenticate: lost, onError });
    const line = await dialTidewire(ws);
    line.hello({ token: await signed() });
    expect((await line.closed).code).toBe(4500);
    expect(onError).toHaveBeenCalledWith(
      expect.objectContaining({ message: "the key server is down" }),
      "authenticate",
    );
    const other = await dialTidewire((await serveHub({ authenticate })).ws);
    other.hello({ token: "x" });
    expect((await other.closed).code).toBe(4401);
  });

  it("are not set up in ways that could be fooled", () => {
    for (const algorithms of [[], ["none"], ["HS256", "RS256"]]) {
      expect(() => jwt({ key: secret, algorithms })).toThrow(expect.objectContaining({ code: "option-invalid" }));
    }
  });
});
