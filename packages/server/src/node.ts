export { type NodeHandler, type NodeHandlerOptions, toNodeHandler } from "./adapters/node.ts";
