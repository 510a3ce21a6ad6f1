/** Everything of a topic stands under one hash tag, so that one script may touch it in a cluster. */
const tagged = (name: string, topic: string): string => `${name}:{${topic.replace(/[%{}]/g, encodeURIComponent)}}`;

/** The keys of a topic: its stream and its meta hash. */
export const keysOf = (name: string, topic: string): [stream: string, meta: string] => {
  const tag = tagged(name, topic);
  return [`${tag}:log`, `${tag}:meta`];
};

/** The key under which an idempotency key of the topic is remembered. */
export const onceKey = (name: string, topic: string, key: string): string => `${tagged(name, topic)}:once:${key}`;

/** The channel on which a topic's messages are told. */
export const channelOf = (name: string, topic: string): string => `${name}:live:${topic}`;

/** The topic of such a channel. */
export const topicOf = (name: string, channel: string): string => channel.slice(name.length + 6);
