import { type Address, absolute, atThisDial } from "../transport/address.ts";

/** What lies below a hub's address, found anew at each dial. */
export function below(address: Address, path: string): () => Promise<URL> {
  return async () => {
    const url = absolute((await atThisDial(address)) as string | URL);
    url.protocol = url.protocol.replace("ws", "http");
    url.pathname = `${url.pathname.replace(/\/$/, "")}/${path}`;
    return url;
  };
}
