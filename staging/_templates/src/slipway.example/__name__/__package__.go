// Package __package__ is the beginning of a module.
package __package__

// Reverse returns text from its end to its beginning.
func Reverse(text string) string {
	letters := []rune(text)
	for i, j := 0, len(letters)-1; i < j; i, j = i+1, j-1 {
		letters[i], letters[j] = letters[j], letters[i]
	}
	return string(letters)
}
