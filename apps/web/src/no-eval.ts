/**
 * The schema library would try whether it may make code from strings, which the page's policy refuses and reports. It asks this
 * first; so this is imported before anything else.
 */
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
