/** Providers by the host that they answer at. */
export type ProviderHosts = readonly (readonly [host: RegExp, provider: string])[];

/** Who answers at an address. @param usual - where the address does not tell */
export function providerAt(baseUrl: unknown, hosts: ProviderHosts, usual: string): string {
  if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl)) return usual;
  const { hostname } = new URL(baseUrl);
  return hosts.find(([host]) => host.test(hostname))?.[1] ?? usual;
}
