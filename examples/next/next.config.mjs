/** Static pages, so that any web server can have them; the SDK works the same under `next start`. */
export default { output: 'export' };
