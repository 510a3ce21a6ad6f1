import { generateKeyPairSync, sign } from "node:crypto";

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BITS = 0x03;
const OID = 0x06;
const TEXT = 0x0c;
const TIME = 0x17;
const ECDSA_WITH_SHA256 = Buffer.from("2a8648ce3d040302", "hex");
const COMMON_NAME = Buffer.from("550403", "hex");

/** One value of DER. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

/** A certificate for `localhost`, signed by itself, that is good for this year and the next. */
export function selfSigned(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = der(SEQUENCE, der(OID, ECDSA_WITH_SHA256));
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, der(OID, COMMON_NAME), der(TEXT, Buffer.from("localhost")))));
  const year = new Date().getUTCFullYear();
  const january = (of: number) => der(TIME, Buffer.from(`${String(of).slice(2)}0101000000Z`));
  const life = der(SEQUENCE, january(year), january(year + 2));
  const serial = der(INTEGER, Buffer.from([1]));
  const spki = publicKey.export({ type: "spki", format: "der" });
  const toSign = der(SEQUENCE, serial, algorithm, name, life, name, spki);
  const signature = der(BITS, Buffer.from([0]), sign("sha256", toSign, privateKey));
  const whole = der(SEQUENCE, toSign, algorithm, signature).toString("base64");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${whole.replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`,
  };
}
