package event

import "math/bits"

// Eight bytes of a text are read as one word, the first byte lowest, and their digits all at once: a system call has some sixty of them.

const (
	everyByte = 0x0101010101010101
	topBits   = 0x80 * everyByte
)

// above has the top bit of each byte of a word that is greater than most, for words without top bits and most below 128.
func above(word uint64, most byte) uint64 {
	return word + uint64(0x7f-most)*everyByte
}

// decimalWord is the number that the leading decimal digits of a word are, and how many there are.
func decimalWord(word uint64) (n uint64, digits int) {
	value := word ^ '0'*everyByte // the digits are 0 to 9 now
	other := (above(value&^topBits, 9) | value) & topBits
	digits = bits.TrailingZeros64(other) / 8
	if digits == 0 {
		return 0, 0
	}
	value <<= 64 - 8*digits // zeros come in front
	value = value*10 + value>>8
	const pairs = 0x000000ff000000ff
	return (value&pairs*(100+1000000<<32) + value>>16&pairs*(1+10000<<32)) >> 32, digits
}

// hexWord is decimalWord of hexadecimal digits, the letters in lower case.
func hexWord(word uint64) (n uint64, digits int) {
	value := word ^ '0'*everyByte
	noDecimal := above(value&^topBits, 9) | value
	letter := word ^ 0x60*everyByte // a to f are 1 to 6 now
	noLetter := above(letter&^topBits, 6) | ^above(letter&^topBits, 0) | letter
	digits = bits.TrailingZeros64(noDecimal&noLetter&topBits) / 8
	if digits == 0 {
		return 0, 0
	}
	value = word&(0x0f*everyByte) + (^noLetter&topBits)>>7*9
	value <<= 64 - 8*digits
	value = (value<<4 | value>>8) & 0x00ff00ff00ff00ff
	value = (value<<8 | value>>16) & 0x0000ffff0000ffff
	return (value<<16 | value>>32) & 0xffffffff, digits
}
