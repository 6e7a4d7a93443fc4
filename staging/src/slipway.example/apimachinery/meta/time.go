package meta

import "time"

// Time is a time.Time with the one method more that generated copies call.
type Time struct{ time.Time }

// Now is the present, in UTC.
func Now() Time { return Time{time.Now().UTC()} }

// DeepCopyInto copies it; a time.Time is a value.
func (t *Time) DeepCopyInto(out *Time) { *out = *t }
