/** How many do something at once in the tests of crowds: CI sets TEST_CROWD to 50. */
export const crowd = Number(process.env.TEST_CROWD ?? 20);
