/// Small pictures, drawn in the text's colour. They are never alone: a word or a label says the same.
enum Icon {
    /// The mark: an arch with a keyhole.
    static let mark = HTML.raw(
        #"<svg class="mark" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M4 21V11a8 8 0 0 1 16 0v10"/><path d="M2 21h20"/><circle cx="12" cy="12.2" r="2.1" fill="currentColor" stroke="none"/><path d="M12 13v4.2"/></svg>"#
    )
    static let search = HTML.raw(
        #"<svg class="icon" width="16" height="16" viewBox="0 0 24 24" aria-hidden="true"><circle cx="11" cy="11" r="7"/><path d="m20 20-4-4"/></svg>"#
    )
    static let menu = HTML.raw(
        #"<svg class="icon" width="16" height="16" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 7h16M4 12h16M4 17h16"/></svg>"#
    )
    static let cross = HTML.raw(
        #"<svg class="icon" width="14" height="14" viewBox="0 0 24 24" aria-hidden="true"><path d="m6 6 12 12M18 6 6 18"/></svg>"#
    )
    static let tick = HTML.raw(
        #"<svg class="icon" width="16" height="16" viewBox="0 0 24 24" aria-hidden="true"><path d="m5 12.5 4.5 4.5L19 7.5"/></svg>"#
    )
    static let ascending = HTML.raw(
        #"<svg class="icon" width="12" height="12" viewBox="0 0 24 24" aria-hidden="true"><path d="m6 14 6-6 6 6"/></svg>"#
    )
    static let descending = HTML.raw(
        #"<svg class="icon" width="12" height="12" viewBox="0 0 24 24" aria-hidden="true"><path d="m6 10 6 6 6-6"/></svg>"#
    )
    static let light = HTML.raw(
        #"<svg class="icon" width="16" height="16" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4"/></svg>"#
    )
    static let dark = HTML.raw(
        #"<svg class="icon" width="16" height="16" viewBox="0 0 24 24" aria-hidden="true"><path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z"/></svg>"#
    )
    static let system = HTML.raw(
        #"<svg class="icon" width="16" height="16" viewBox="0 0 24 24" aria-hidden="true"><rect x="3" y="4" width="18" height="12" rx="2"/><path d="M8 20h8M12 16v4"/></svg>"#
    )
    static let info = HTML.raw(
        #"<svg class="icon" width="18" height="18" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5v.1"/></svg>"#
    )
    static let warning = HTML.raw(
        #"<svg class="icon" width="18" height="18" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4 2.8 20h18.4z"/><path d="M12 10v4.5M12 17.2v.1"/></svg>"#
    )
    static let group = HTML.raw(
        #"<svg class="icon" width="16" height="16" viewBox="0 0 24 24" aria-hidden="true"><circle cx="9" cy="8" r="3.5"/><path d="M3 19c0-3.5 2.7-5.5 6-5.5s6 2 6 5.5M16 4.8a3.5 3.5 0 0 1 0 6.4M18 13.9c1.9.8 3 2.6 3 5.1"/></svg>"#
    )
    static let service = HTML.raw(
        #"<svg class="icon" width="16" height="16" viewBox="0 0 24 24" aria-hidden="true"><rect x="3" y="5" width="18" height="14" rx="2"/><path d="m7.5 10 2.5 2-2.5 2M13 14h3.5"/></svg>"#
    )
    static let device = HTML.raw(
        #"<svg class="icon" width="16" height="16" viewBox="0 0 24 24" aria-hidden="true"><rect x="6" y="6" width="12" height="12" rx="2"/><path d="M9 2v4M15 2v4M9 18v4M15 18v4M2 9h4M2 15h4M18 9h4M18 15h4"/></svg>"#
    )
}
