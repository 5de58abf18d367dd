/** A share (0 to 1) in whole percent; one that is not nothing is not said to be nothing. */
export function percent(share: number): string {
  return share > 0 && share < 0.005 ? "<1" : String(Math.round(share * 100));
}
