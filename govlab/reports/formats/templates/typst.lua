-- Clean HTML to Typst: every class of a report becomes a function of report.typ.
-- Pandoc alone would drop classes, alternative texts and the widths of tables.

local BLOCKS = {
  ["gl-top"] = true, ["gl-sub"] = true, ["gl-gist"] = true, ["gl-banner"] = true, ["gl-note"] = true,
  ["gl-arith"] = true, ["gl-facts"] = true, ["gl-refs"] = true, ["gl-foot"] = true,
  ["gl-question"] = true,
}
local SHORT = 14 -- lines; a table with no more stays on one page
local OPTIONS = pandoc.WriterOptions({ wrap_text = "none" })

local function typst(blocks)
  return (pandoc.write(pandoc.Pandoc(blocks), "typst-smart", OPTIONS):gsub("%s+$", ""))
end

local function raw(text)
  return pandoc.RawBlock("typst", text)
end

local function quoted(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("%s+", " ") .. '"'
end

local function kind(classes)
  for _, class in ipairs(classes) do
    local found = class:match("^gl%-(%a+)$")
    if found and found ~= "chip" then return found end
  end
  return "no"
end

-- Blocks between pieces of source: one pass of the writer over all, which is much faster than one each.
local function between(...)
  local blocks = pandoc.List()
  for _, piece in ipairs({ ... }) do
    if type(piece) == "string" then blocks:insert(raw(piece)) else blocks:extend(piece) end
  end
  return blocks
end

local function of_div(div)
  if div.classes:includes("gl-chip") or div.classes:includes("gl-said") then return nil end
  if div.classes:includes("gl-check") and #div.content == 2 then
    local chip, said = div.content[1], div.content[2]
    local head = string.format("#gl-check[#gl-chip(%s)[", quoted(kind(chip.classes)))
    return between(head, chip.content, "]][", said.content, "]")
  end
  for _, class in ipairs(div.classes) do
    if BLOCKS[class] then
      return between("#" .. class .. "[", div.content, "]")
    end
  end
  return div.content
end

local function of_span(span)
  if not span.classes:includes("gl-mark") then return span.content end
  local inlines = pandoc.List({ pandoc.RawInline("typst", "#gl-mark[") })
  inlines:extend(span.content)
  inlines:insert(pandoc.RawInline("typst", "]"))
  return inlines
end

-- Typst reads dashes and dots in text as shorthand (-- a long dash, -1 a minus sign), and a sign in front
-- as a heading or a list; in a string it does not.
local function of_str(str)
  local text = str.text
  if text:find("-", 1, true) or text:find("..", 1, true) or text:find("^[=+/]") or text:find("^%d+[.)]") then
    return pandoc.RawInline("typst", "#" .. quoted(text) .. ";")
  end
end

local function of_header(header)
  if header.classes:includes("gl-title") then
    return raw("#gl-title[" .. typst({ pandoc.Plain(header.content) }) .. "]")
  end
  header.level = math.max(1, header.level - 1)
  header.attr = pandoc.Attr()
  return header
end

local function of_image(image)
  local share = tonumber(image.attributes.share) or 1
  return pandoc.RawInline("typst", string.format(
    "#image(%s, alt: %s, width: %.2f%%)",
    quoted(image.src), quoted(pandoc.utils.stringify(image.caption)), 100 * share
  ))
end

local function of_figure(figure)
  return raw(string.format(
    "#gl-figure([%s])[%s]", typst(figure.caption.long), typst(figure.content)
  ))
end

-- What a cell holds as inlines; more than one paragraph is set by the writer on its own.
local function inlines_of(cell)
  local first = cell.contents[1]
  if not first then return {} end
  if #cell.contents == 1 and (first.t == "Plain" or first.t == "Para") then return first.content end
  return { pandoc.RawInline("typst", typst(cell.contents)) }
end

local function add_cells(inlines, rows)
  for _, row in ipairs(rows) do
    for _, cell in ipairs(row.cells) do
      local options = {}
      if cell.col_span > 1 then table.insert(options, "colspan: " .. cell.col_span) end
      if cell.row_span > 1 then table.insert(options, "rowspan: " .. cell.row_span) end
      if cell.classes:includes("n") then table.insert(options, "align: right") end
      local sub = cell.classes:includes("sub")
      local head = string.format("table.cell(%s)[%s", table.concat(options, ", "), sub and "#pad(left: 1.2em)[" or "")
      inlines:insert(pandoc.RawInline("typst", head))
      inlines:extend(inlines_of(cell))
      inlines:insert(pandoc.RawInline("typst", sub and "]],\n" or "],\n"))
    end
  end
end

local function tabular(source)
  local widths = {}
  for _, spec in ipairs(source.colspecs) do
    table.insert(widths, spec[2] and string.format("%.4ffr", spec[2]) or "1fr")
  end
  local rows = {}
  for _, body in ipairs(source.bodies) do
    for _, row in ipairs(body.head) do table.insert(rows, row) end
    for _, row in ipairs(body.body) do table.insert(rows, row) end
  end
  for _, row in ipairs(source.foot.rows) do table.insert(rows, row) end
  local inlines = pandoc.List({ pandoc.RawInline("typst", string.format(
    "#gl-table(%s, [%s], (%s,), (\n",
    (tonumber(source.attributes.lines) or 99) > SHORT, typst(source.caption.long), table.concat(widths, ", ")
  )) })
  add_cells(inlines, source.head.rows)
  inlines:insert(pandoc.RawInline("typst", "), (\n"))
  add_cells(inlines, rows)
  inlines:insert(pandoc.RawInline("typst", "))"))
  return pandoc.Para(inlines)
end

local function of_codeblock(code)
  code.attr = pandoc.Attr() -- no highlighting
  return code
end

local function of_horizontalrule()
  return raw("#gl-rule()")
end

-- Pictures first: their descriptions are words, which the next step would turn into source.
return {
  { Image = of_image },
  { Str = of_str },
  {
    Div = of_div, Span = of_span, Header = of_header, Figure = of_figure, Table = tabular, CodeBlock = of_codeblock,
    HorizontalRule = of_horizontalrule,
  },
}
