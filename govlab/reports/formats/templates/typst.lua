-- Clean HTML to Typst: every class of a report becomes a function of report.typ.
-- Pandoc alone would drop classes, alternative texts and the widths of tables.

local BLOCKS = {
  ["gl-top"] = true, ["gl-sub"] = true, ["gl-gist"] = true, ["gl-banner"] = true, ["gl-note"] = true,
  ["gl-arith"] = true, ["gl-facts"] = true, ["gl-refs"] = true, ["gl-foot"] = true,
  ["gl-question"] = true,
}
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

local function chip(div)
  return string.format("#gl-chip(%s)[%s]", quoted(kind(div.classes)), typst(div.content))
end

local function of_div(div)
  if div.classes:includes("gl-chip") or div.classes:includes("gl-said") then return nil end
  if div.classes:includes("gl-check") and #div.content == 2 then
    return raw(string.format("#gl-check[%s][%s]", chip(div.content[1]), typst(div.content[2].content)))
  end
  for _, class in ipairs(div.classes) do
    if BLOCKS[class] then
      local blocks = pandoc.List({ raw("#" .. class .. "[") })
      blocks:extend(div.content)
      blocks:insert(raw("]"))
      return blocks
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

-- Typst reads dashes and dots in text as shorthand (-- a long dash, -1 a minus sign); in a string it does not.
local function of_str(str)
  if str.text:find("-", 1, true) or str.text:find("..", 1, true) then
    return pandoc.RawInline("typst", "#" .. quoted(str.text) .. ";")
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

local function cells(rows, columns)
  local lines = {}
  for _, row in ipairs(rows) do
    local line = {}
    for place, cell in ipairs(row.cells) do
      local options = {}
      if cell.col_span > 1 then table.insert(options, "colspan: " .. cell.col_span) end
      if cell.row_span > 1 then table.insert(options, "rowspan: " .. cell.row_span) end
      if cell.classes:includes("n") then
        table.insert(options, "align: right")
      end
      local body = typst(cell.contents)
      if cell.classes:includes("sub") then body = "#pad(left: 1.2em)[" .. body .. "]" end
      table.insert(line, string.format("table.cell(%s)[%s]", table.concat(options, ", "), body))
    end
    table.insert(lines, table.concat(line, ", ") .. ",")
  end
  return table.concat(lines, "\n")
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
  return raw(string.format(
    "#gl-table([%s], (%s,),\n(\n%s\n),\n(\n%s\n))",
    typst(source.caption.long), table.concat(widths, ", "),
    cells(source.head.rows), cells(rows)
  ))
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
