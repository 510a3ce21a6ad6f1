export { type FetchHandler, type FetchHandlerOptions, toFetchHandler } from "./adapters/fetch.ts";
