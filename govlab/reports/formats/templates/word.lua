-- Clean HTML to Word: every class of a report becomes a named style of our reference document.

local STYLES = {
  ["gl-top"] = "Top Line", ["gl-sub"] = "Subtitle", ["gl-gist"] = "Gist", ["gl-banner"] = "Banner",
  ["gl-note"] = "Note", ["gl-arith"] = "Check Detail", ["gl-question"] = "Question", ["gl-foot"] = "Last Lines",
  -- Of handouts.
  ["gl-exercise"] = "Exercise", ["gl-option"] = "Option", ["gl-write"] = "Write", ["gl-trainer"] = "Trainer",
  ["gl-line"] = "Output Line", ["gl-writeon"] = "Write On",
}
local SHORT = 14 -- lines; a table with no more stays on one page
local COLUMN = tonumber(tostring(PANDOC_WRITER_OPTIONS.variables.column or "")) or 156 -- width of the text, mm

local function styled(name, blocks)
  return pandoc.Div(blocks, pandoc.Attr("", {}, { ["custom-style"] = name }))
end

local function run(name, inlines)
  return pandoc.Span(inlines, pandoc.Attr("", {}, { ["custom-style"] = name }))
end

local TAB = pandoc.RawInline("openxml", "<w:r><w:tab/></w:r>")

local function paragraphs(blocks)
  local found = pandoc.List()
  for _, block in ipairs(blocks) do
    if block.t == "Plain" then block = pandoc.Para(block.content) end
    found:insert(block)
  end
  return found
end

-- The chip, a tab and the first sentence in one paragraph: stays readable however Word is set.
local function check(div)
  local chip, said = div.content[1], div.content[2]
  local kind = "no"
  for _, class in ipairs(chip.classes) do
    local found = class:match("^gl%-(%a+)$")
    if found and found ~= "chip" then kind = found end
  end
  local blocks = paragraphs(said.content)
  local first = pandoc.List({ run("Chip " .. kind, pandoc.utils.blocks_to_inlines(chip.content)), TAB })
  if blocks[1] and blocks[1].t == "Para" then
    first:extend(blocks[1].content)
    blocks:remove(1)
  end
  local whole = pandoc.List({ styled(#blocks > 0 and "Check" or "Check Alone", { pandoc.Para(first) }) })
  whole:extend(blocks)
  return whole
end

-- A list with its numbers as text: they keep their brackets and their place in every program.
local function numbered(style, list, mark)
  local blocks = pandoc.List()
  for number, item in ipairs(list.content) do
    local line = pandoc.List({ pandoc.Str(string.format(mark, number)), TAB })
    line:extend(pandoc.utils.blocks_to_inlines(item))
    blocks:insert(pandoc.Para(line))
  end
  return styled(style, blocks)
end

local function facts(list)
  local blocks = pandoc.List()
  for _, item in ipairs(list.content) do
    local line = pandoc.List({ run("Fact Term", item[1]), TAB })
    for _, definition in ipairs(item[2]) do
      line:extend(pandoc.utils.blocks_to_inlines(definition))
    end
    blocks:insert(pandoc.Para(line))
  end
  return styled("Facts", blocks)
end

local function block_of(div)
  local first = div.content[1]
  if div.classes:includes("gl-check") and #div.content == 2 then return check(div) end
  if div.classes:includes("gl-refs") and first and first.t == "OrderedList" then
    return numbered("Reference", first, "[%d]")
  end
  if div.classes:includes("gl-gist") and first and first.t == "OrderedList" then
    return numbered("Gist", first, "%d.")
  end
  if div.classes:includes("gl-facts") and first and first.t == "DefinitionList" then return facts(first) end
  for _, class in ipairs(div.classes) do
    if STYLES[class] then return styled(STYLES[class], paragraphs(div.content)) end
  end
  if div.classes:includes("gl-chip") or div.classes:includes("gl-said") then return nil end
  return div.content
end

local function span(source)
  if source.classes:includes("gl-mark") then return run("Mark", source.content) end
  return source.content
end

local function header(source)
  if source.classes:includes("gl-title") then return styled("Title", { pandoc.Para(source.content) }) end
  source.level = math.max(1, source.level - 1)
  source.attr = pandoc.Attr()
  return source
end

local function image(source)
  local share = tonumber(source.attributes.share) or 1
  source.attr = pandoc.Attr("", {}, { width = string.format("%.1fmm", COLUMN * share) })
  return source
end

local function figure(source)
  local blocks = pandoc.List()
  if #source.caption.long > 0 then
    blocks:insert(styled("Figure Caption", paragraphs(source.caption.long)))
  end
  blocks:insert(styled("Figure", paragraphs(source.content)))
  return blocks
end

local function set_cells(rows, style)
  for _, row in ipairs(rows) do
    for _, cell in ipairs(row.cells) do
      local name = style
      if cell.classes:includes("n") then
        cell.alignment = "AlignRight"
        name = style .. " Number"
      elseif cell.classes:includes("sub") then
        name = style .. " Part"
      end
      cell.contents = { styled(name, paragraphs(cell.contents)) }
    end
  end
end

local function tabular(source)
  set_cells(source.head.rows, "Table Head")
  for _, body in ipairs(source.bodies) do
    set_cells(body.head, "Table Text")
    set_cells(body.body, "Table Text")
  end
  set_cells(source.foot.rows, "Table Text")
  local short = (tonumber(source.attributes.lines) or 99) <= SHORT
  source.attributes = { ["custom-style"] = short and "Short" or "Table" }
  return source
end

-- Word knows no space after a table, only before what follows.
local AFTER_TABLE = pandoc.RawBlock("openxml", '<w:p><w:pPr><w:pStyle w:val="AfterTable"/></w:pPr></w:p>')
local function spaced(blocks)
  local found = pandoc.List()
  for place, block in ipairs(blocks) do
    found:insert(block)
    local after = blocks[place + 1]
    if block.t == "Table" and after and (after.t == "Para" or after.t == "Plain" or after.t:find("List")) then
      found:insert(AFTER_TABLE)
    end
  end
  return found
end

-- An id such as AKS-017 does not break at its hyphen.
local function str(source)
  local before, letters, digits, after = source.text:match("^(.-)(%u%u+)%-(%d+)(.*)$")
  if not letters then return nil end
  local whole = pandoc.RawInline("openxml", string.format(
    "<w:r><w:t>%s</w:t><w:noBreakHyphen/><w:t>%s</w:t></w:r>", letters, digits
  ))
  local inlines = pandoc.List({ whole })
  if before ~= "" then inlines:insert(1, pandoc.Str(before)) end
  if after ~= "" then inlines:extend(str(pandoc.Str(after)) or { pandoc.Str(after) }) end
  return inlines
end

local function code(source)
  source.attr = pandoc.Attr() -- no highlighting
  return source
end

return {
  { Image = image }, -- before its description is touched
  { Str = str },
  {
    Div = block_of, Span = span, Header = header, Figure = figure, Table = tabular, CodeBlock = code,
    Blocks = spaced,
  },
}
