// Why a file is not taken, in words for who sent it.
export class Refused extends Error {}
