/** No word is a keyword, a predeclared name, a package of the standard library, or a local name the generated code uses. */
export const nouns: readonly string[] = `
anchor ballast barge batten beacon berth bilge binnacle boom bosun bowline bracket brig bulwark buoy cabin cable caisson
canvas capstan cargo chandler chart cleat clew coaming compass cordage coxswain cradle crane crate davit deck derrick
dinghy dock draft dredge eddy fathom fender ferry fleet flotsam foghorn forestay freight frigate galley gangway gantry
gimbal girder grapnel gudgeon gunwale halyard hammock harbor hatch hawser helm hoist hull jetty keel kelson ketch knot
lading lantern lanyard larboard leeway lighter locker lugger mainsail marlin mast mizzen mooring oakum oarlock outrigger
paddle pallet pennant pier pilot pintle plank pontoon porthole prow pulley quay rafter ratline rigging rivet roadstead
rowlock rudder scupper seacock sextant shackle shoal shroud skiff skipper slip sounding spar spinnaker splice stanchion
starboard steerage stern stevedore strake strut swell tackle tanker tender thwart tide tiller timber toggle towline
transom trawler trestle tugboat turnbuckle vane wake waterline wharf whistle winch windlass yawl
`
  .trim()
  .split(/\s+/);

export const verbs: readonly string[] = `
Balance Bind Carry Check Clear Close Count Fasten Fill Find Fold Gather Hoist Join Level Lift Lower Mark Mend Moor Move
Order Pack Press Raise Read Reef Scale Seal Set Shift Sort Split Stow Swing Tally Trim Turn Weave
`
  .trim()
  .split(/\s+/);

export const adjectives: readonly string[] = `
amber brisk calm deep early even fair firm glad grey heavy idle keen light long mild narrow open plain quiet rough sharp
slow sound spare steady stout swift tall true warm wide
`
  .trim()
  .split(/\s+/);

export const capitalize = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
