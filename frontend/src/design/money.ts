/** An amount of the server ("5500.00") as people write it: 5,500, with two places only where there is something in them. */
export function money(amount: string): string {
  const whole = Number(amount) % 1 === 0;
  return Number(amount).toLocaleString("zh-CN", { minimumFractionDigits: whole ? 0 : 2, maximumFractionDigits: 2 });
}
