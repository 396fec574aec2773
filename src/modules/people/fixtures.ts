// Invented numbers that pass the national rules.
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** A valid ID number of nobody: the serial changes the last digits, and beyond 999 the birthday. */
export function idNumber(serial: number, born = '1980-03-04'): string {
  const day =
    serial < 1000
      ? born.replaceAll('-', '')
      : String(
          19_500_101 +
            (Math.floor(serial / 1000) % 28) +
            100 * (Math.floor(serial / 28_000) % 12) +
            10_000 * (Math.floor(serial / 336_000) % 50),
        )
  const head = `420302${day}${String(serial % 1000).padStart(3, '0')}`
  const sum = [...head].reduce((total, digit, at) => total + Number(digit) * (WEIGHTS[at] as number), 0)
  return head + '10X98765432'[sum % 11]
}

export const phone = (serial: number) => `139${String(serial).padStart(8, '0')}`
