/** True for an address that never leaves this machine: allowed offline, and never sent through a proxy. */
export const isLoopback = (url: string): boolean => {
  const host = new URL(url).hostname.toLowerCase();
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
  );
};
