/**
 * Kinds of device, as volumes are counted by them: a tag can fall off on one kind alone.
 */

export type DeviceType = 'mobile' | 'tablet' | 'desktop';

/**
 * The kind of device that made an event: by what its tracker calls the device (`Computer`, `ios`, `smartphone`), else by its
 * user agent. Undefined where neither tells: a server, an app without a name.
 */
export function deviceType(named: unknown, userAgent?: unknown): DeviceType | undefined {
  return kindOf(named, NAMES) ?? kindOf(userAgent, AGENTS);
}

// --- internal ---

/** The first that matches. Tablets of Android say what phones say, but for `Mobile`. */
const AGENTS: readonly (readonly [DeviceType, RegExp])[] = [
  ['tablet', /ipad|tablet|kindle|silk\/|playbook|android(?!.*mobile)/i],
  ['mobile', /mobi|iphone|ipod|android/i],
  ['desktop', /windows nt|macintosh|x11|cros|linux/i],
];

const NAMES: readonly (readonly [DeviceType, RegExp])[] = [
  ['tablet', /tablet|ipad/i],
  ['mobile', /mobile|phone|android|^ios$/i],
  ['desktop', /desktop|computer|^pc$|^web$/i],
];

function kindOf(text: unknown, kinds: typeof NAMES): DeviceType | undefined {
  return typeof text === 'string' ? kinds.find(([, pattern]) => pattern.test(text))?.[0] : undefined;
}
