// Package validation holds the rules for names and numbers that every
// component shares. Each function returns what is wrong, in words that can
// follow the name and the value; nothing means valid.
package validation

import (
	"fmt"
	"regexp"
	"strings"
)

const (
	dns1123LabelMaxLength     = 63
	dns1123SubdomainMaxLength = 253
)

var dns1123Label = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`)

// IsDNS1123Subdomain checks the form of object names, of nodes among others.
// As RFC 1123 does and Kubernetes does not, it limits each label to 63 letters.
func IsDNS1123Subdomain(value string) []string {
	var faults []string
	if len(value) > dns1123SubdomainMaxLength {
		faults = append(faults, fmt.Sprintf("must be no more than %d characters", dns1123SubdomainMaxLength))
	}
	for label := range strings.SplitSeq(value, ".") {
		if len(label) > dns1123LabelMaxLength {
			return append(faults, fmt.Sprintf("each part between dots must be no more than %d characters", dns1123LabelMaxLength))
		}
		if !dns1123Label.MatchString(label) {
			return append(faults, "must consist of lower case letters, digits, '-' and '.', and each part between dots must start and end with a letter or digit")
		}
	}
	return faults
}

// IsInRange checks low <= value <= high.
func IsInRange(value, low, high int) []string {
	if value < low || value > high {
		return []string{fmt.Sprintf("must be between %d and %d, inclusive", low, high)}
	}
	return nil
}
