package live

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Topic is something a page shows, at the version it shows; 0 when the page does not know.
type Topic struct {
	Name    string
	Version int64
}

// buffer is how many changes a reader may be behind, beside the first word on each topic.
const buffer = 16

// frame writes a change as browsers read it; all readers share the bytes. Number 0 leaves the browser's last event id
// as it is.
func (h *Hub) frame(name string, version, number int64) *frame {
	data, err := json.Marshal(Change{Topic: name, Version: version})
	if err != nil { // a struct of a string and a number
		return &frame{}
	}
	text := make([]byte, 0, len(data)+80)
	if number > 0 {
		text = append(text, "id: "...)
		text = append(text, h.name...)
		text = append(text, '-')
		text = strconv.AppendInt(text, number, 10)
		text = append(text, '\n')
	}
	text = append(text, "event: change\ndata: "...)
	text = append(text, data...)
	return &frame{text: append(text, "\n\n"...)}
}

// open begins to watch and queues what the reader has missed.
func (h *Hub) open(topics []Topic, lastID string) (*reader, error) {
	if len(topics) == 0 || len(topics) > topicsPerPage {
		return nil, ErrTopics
	}
	r := &reader{frames: make(chan *frame, buffer+len(topics)), gone: make(chan struct{})}
	for _, t := range topics {
		if t.Name == "" || len(t.Name) > topicBytesMax {
			return nil, ErrTopics
		}
		r.topics = append(r.topics, t.Name)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended {
		return nil, ErrEnded
	}
	if len(h.readers) >= h.opts.ReadersMax {
		return nil, ErrFull
	}
	h.readers[r] = struct{}{}
	for _, name := range r.topics {
		if h.watchers[name] == nil {
			h.watchers[name] = map[*reader]struct{}{}
		}
		h.watchers[name][r] = struct{}{}
	}
	if h.delayed {
		h.send(r, delayFrame(true))
	}
	h.catchUp(r, topics, lastID)
	return r, nil
}

// catchUp queues a word on each topic that the reader has missed. Only the last carries an id: a stream that breaks
// between two of them must not claim that both were heard.
func (h *Hub) catchUp(r *reader, topics []Topic, lastID string) {
	var missed []Change
	for _, t := range topics {
		if version, ok := h.missed(t, lastID); ok {
			missed = append(missed, Change{Topic: t.Name, Version: version})
		}
	}
	for i, c := range missed {
		number := int64(0)
		if i == len(missed)-1 {
			number = h.last
		}
		h.send(r, h.frame(c.Topic, c.Version, number))
	}
}

// missed tells whether a reader has not heard the newest of a topic, and its version. A reader whose id is of another
// hub or too old may have missed anything: version 0 tells the page to fetch whatever it shows.
func (h *Hub) missed(t Topic, lastID string) (version int64, ok bool) {
	var known topic
	if e, ok := h.topics[t.Name]; ok {
		known = *e.Value.(*topic)
	}
	if lastID == "" {
		return known.version, t.Version > 0 && known.version > t.Version
	}
	heard, ours := h.number(lastID)
	return known.version, !ours || heard < h.forgotten || known.number > heard
}

// number reads an event id of this hub.
func (h *Hub) number(lastID string) (int64, bool) {
	text, ok := strings.CutPrefix(lastID, h.name+"-")
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && n >= 0 && n <= h.last
}

func (h *Hub) close(r *reader) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.remove(r)
}
