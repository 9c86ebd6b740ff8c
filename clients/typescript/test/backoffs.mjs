/** Waits in milliseconds by options and what the dice say. */
export const backoffs = [
  { options: true, random: 0, expected: [500, 1000, 2000, 4000, 8000, 15000, 15000, 15000, 15000, 15000] },
  { options: true, random: 0.5, expected: [750, 1500, 3000, 6000, 12000, 22500, 22500] },
  { options: {}, random: 0.999999, expected: [1000, 2000, 4000, 8000, 16000, 30000, 30000] },
  { options: { min: 50, max: 50 }, random: 0, expected: [50, 50, 50] },
  { options: { min: 0, max: 0 }, random: 0.5, expected: [1, 1] },
  { options: { min: 10, factor: 1, max: 1000, retries: Infinity }, random: 0.5, expected: Array(20).fill(15) },
  { options: { min: 2 ** 30, max: Infinity }, random: 0.999999, expected: [2 ** 31 - 1074, 2 ** 31 - 1] }
]
