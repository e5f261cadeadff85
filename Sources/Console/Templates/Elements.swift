// The elements we use, one function each: with content as statements, or with plain text first.
//
//     section(.class("card")) {
//         h2("Sessions")
//         for session in sessions { p(session.address) }
//     }

func div(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("div", attributes, try content())
}
func div(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("div", attributes, HTML(text))
}

func span(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("span", attributes, try content())
}
func span(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("span", attributes, HTML(text))
}

func p(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("p", attributes, try content())
}
func p(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("p", attributes, HTML(text))
}

func h1(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("h1", attributes, try content())
}
func h1(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("h1", attributes, HTML(text))
}

func h2(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("h2", attributes, try content())
}
func h2(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("h2", attributes, HTML(text))
}

func h3(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("h3", attributes, try content())
}
func h3(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("h3", attributes, HTML(text))
}

func ul(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("ul", attributes, try content())
}

func ol(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("ol", attributes, try content())
}

func li(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("li", attributes, try content())
}
func li(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("li", attributes, HTML(text))
}

func dl(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("dl", attributes, try content())
}

func dt(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("dt", attributes, try content())
}
func dt(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("dt", attributes, HTML(text))
}

func dd(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("dd", attributes, try content())
}
func dd(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("dd", attributes, HTML(text))
}

func strong(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("strong", attributes, try content())
}
func strong(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("strong", attributes, HTML(text))
}

func small(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("small", attributes, try content())
}
func small(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("small", attributes, HTML(text))
}

func code(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("code", attributes, try content())
}
func code(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("code", attributes, HTML(text))
}

func pre(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("pre", attributes, try content())
}
func pre(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("pre", attributes, HTML(text))
}

func section(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("section", attributes, try content())
}

func article(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("article", attributes, try content())
}

func header(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("header", attributes, try content())
}

func footer(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("footer", attributes, try content())
}

func nav(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("nav", attributes, try content())
}

func aside(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("aside", attributes, try content())
}

func mainElement(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("main", attributes, try content())
}

func form(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("form", attributes, try content())
}

func label(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("label", attributes, try content())
}
func label(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("label", attributes, HTML(text))
}

func button(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("button", attributes, try content())
}
func button(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("button", attributes, HTML(text))
}

func fieldset(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("fieldset", attributes, try content())
}

func legend(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("legend", attributes, try content())
}
func legend(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("legend", attributes, HTML(text))
}

func table(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("table", attributes, try content())
}

func thead(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("thead", attributes, try content())
}

func tbody(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("tbody", attributes, try content())
}

func tr(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("tr", attributes, try content())
}

func th(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("th", attributes, try content())
}
func th(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("th", attributes, HTML(text))
}

func td(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("td", attributes, try content())
}
func td(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("td", attributes, HTML(text))
}

func details(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("details", attributes, try content())
}

func summary(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("summary", attributes, try content())
}
func summary(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("summary", attributes, HTML(text))
}

func timeElement(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("time", attributes, try content())
}
func timeElement(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("time", attributes, HTML(text))
}

func kbd(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("kbd", attributes, try content())
}
func kbd(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("kbd", attributes, HTML(text))
}

func option(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("option", attributes, try content())
}
func option(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("option", attributes, HTML(text))
}

func select(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("select", attributes, try content())
}

func textarea(_ text: String, _ attributes: [Attribute]) -> HTML {
    // A line feed right behind the tag is dropped by every reader; without it one of the text's own would be.
    .element("textarea", attributes, HTML("\n" + text))
}

func svgElement(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("svg", attributes, try content())
}

func svgRect(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("rect", attributes, try content())
}
func svgRect(_ attributes: Attribute...) -> HTML {
    .element("rect", attributes, .empty)
}

func svgPolyline(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("polyline", attributes, try content())
}
func svgPolyline(_ attributes: Attribute...) -> HTML {
    .element("polyline", attributes, .empty)
}

func bdi(_ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("bdi", attributes, try content())
}
func bdi(_ text: String, _ attributes: Attribute...) -> HTML {
    .element("bdi", attributes, HTML(text))
}

func input(_ attributes: Attribute...) -> HTML {
    .element("input", attributes, nil)
}

func lineBreak() -> HTML {
    .raw("<br>")
}

/// A link to one of our own pages.
func link(_ target: Path, _ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("a", [.href(target)] + attributes, try content())
}
func link(_ text: String, to target: Path, _ attributes: Attribute...) -> HTML {
    .element("a", [.href(target)] + attributes, HTML(text))
}
