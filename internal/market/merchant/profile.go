package merchant

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/market"
)

// Parse cleans the profile; what is still empty is left so.
func (p Profile) Parse() (Profile, error) {
	var faults fail.List
	p.Slug = optional(&faults, p.Slug, ParseSlug)
	story, refusal := form.Lines(p.Story, 0, StoryMax)
	if refusal != nil {
		faults = append(faults, ErrStory.On("story").With("Max", StoryMax))
	}
	p.Story = story
	p.Colour = Colour(optional(&faults, string(p.Colour), parseColour))
	p.More = slices.DeleteFunc(slices.Clone(p.More), func(c market.CategoryID) bool {
		return c == "" || c == p.CategoryID
	})
	slices.Sort(p.More)
	p.More = slices.Compact(p.More)
	if len(p.More) > MoreMax {
		faults = append(faults, ErrCategory.On("more").With("Max", MoreMax))
	}
	if len(p.Pictures) > PicturesMax {
		faults = append(faults, ErrPictures.On("pictures").With("Max", PicturesMax))
	}
	return p, faults.Err()
}

// Reprofile gives the shop a new profile. The address of its page follows a wish only until the first submission: links
// on paper and in other people's posts must keep leading here.
func (m Merchant) Reprofile(p Profile) Merchant {
	if m.SubmittedAt.IsZero() {
		m.Slug = p.Slug
		if m.Slug == "" {
			m.Slug = string(m.ID)
		}
	}
	p.Slug = m.wish()
	m.Profile = p
	return m
}

// Rebusiness gives the shop new words about its business. Name and number stand once it was approved: what a contract
// was signed under does not change by a form.
func (m Merchant) Rebusiness(b Business) (Merchant, error) {
	if !m.Open() && (b.Number != m.Business.Number || b.Name != m.Business.Name ||
		b.Representative != m.Business.Representative) {
		return m, ErrSettled.On("number")
	}
	if !m.Open() && (b.Phone == "" || b.Email == "") {
		return m, ErrMissing.On("phone").With("What", "phone")
	}
	m.Business = b
	return m, nil
}

// ParseSlug cleans a wish for the page's address: letters, digits and dashes, Korean allowed; it refuses with ErrSlug.
func ParseSlug(text string) (string, *fail.Error) {
	slug := strings.ToLower(norm.NFKC.String(strings.TrimSpace(text)))
	if slug != slugOf(slug) || len([]rune(slug)) < 2 || len([]rune(slug)) > SlugMax {
		return "", ErrSlug.On("slug").With("Max", SlugMax)
	}
	return slug, nil
}

// slugOf makes an address of any text: letters and digits stay, everything between becomes one dash.
func slugOf(text string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(norm.NFKC.String(text)) {
		switch {
		case unicode.IsDigit(r) || isHangul(r) || r >= 'a' && r <= 'z':
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			dash = false
			b.WriteRune(r)
		default:
			dash = true
		}
	}
	return b.String()
}

func isHangul(r rune) bool { return r >= '가' && r <= '힣' }

// Slugs gives the addresses to try for a shop, best first: its wish, its name, its name with a number.
func (m Merchant) Slugs() []string {
	wish := m.Profile.Slug
	if wish != "" {
		return []string{wish} // a wish is kept or refused, never bent
	}
	name := []rune(slugOf(m.Business.Name))
	if len(name) > SlugMax-4 {
		name = name[:SlugMax-4]
	}
	stem := strings.Trim(string(name), "-")
	if len([]rune(stem)) < 2 {
		stem = strings.TrimSpace("shop-" + stem)
		stem = strings.Trim(stem, "-")
	}
	list := []string{stem}
	for n := 2; n <= 99; n++ {
		list = append(list, stem+"-"+strconv.Itoa(n))
	}
	return append(list, strings.ReplaceAll(string(m.ID), "_", "-"))
}

// Missing tells, in the order of the pages, what a registration still lacks before it can be submitted.
func (m Merchant) Missing(branches []Branch) fail.List {
	var faults fail.List
	lack := func(missing bool, field string) {
		if missing {
			faults = append(faults, ErrMissing.On(field).With("What", field))
		}
	}
	lack(m.Business.Number == "", "number")
	lack(m.Business.Name == "", "name")
	lack(m.Business.Representative == "", "representative")
	lack(m.Business.Phone == "", "phone")
	lack(m.Business.Email == "", "email")
	lack(len(branches) == 0, "branch")
	lack(len(branches) > 0 && branches[0].Hours.Never(), "hours")
	lack(m.Bank.Empty(), "bank_account")
	lack(m.Profile.CategoryID == "", "category")
	lack(m.Profile.Story == "", "story")
	lack(len(m.Profile.Pictures) == 0, "pictures")
	return faults
}

// ParseReason cleans what an operator writes to a shop; it refuses with ErrReason.
func ParseReason(text string) (string, *fail.Error) {
	reason, refusal := form.Lines(text, 5, ReasonMax)
	if refusal != nil {
		return "", ErrReason.On("reason").With("Max", ReasonMax)
	}
	return reason, nil
}
