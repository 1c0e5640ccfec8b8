//! Words that tell little about what a question asks for, apart by blanks.

/// Words of grammar and of asking, which say nothing about what is asked for.
pub(super) const STOP: &str = "\
    a about again already also always am an and any are as ask asking at be been being but by can \
    could did do does doing done enough ever for from get gets getting give given go goes got had has \
    have having he her here his how i if in into is it its just kind know let like long made make \
    makes many may me mean means might much must my need needed needs no normal normally not of off on \
    or our please put s same say shall she should so some somebody still such take tell than that the \
    their them then there these they thing this those to too up use uses using usual usually want was \
    we were what when where which who whom whose why will with without work would yet you your";

/// Words of everyday speech, which are as likely in any question.
pub(super) const EVERYDAY: &str = "\
    able actually add afterwards ago allow allowed another anybody anyone around avoid away back bad \
    because become before begin behind below best better between big both box bring call care case \
    change chat check choose close come comes common correct course day decade decades decide \
    difference different during each early easy either end every everybody everything exactly example \
    expect far fast few fill find finds first follow found full gave good great guy half happen \
    happens hard help hold idea instead keep keeps large late later least leave left less little look \
    lose lot main maybe more most move name near never new next nobody nothing now old once one ones \
    only open order other others own part people person place plan point possible quickly quite rather \
    reach ready real really reason receive right rule rules second see seeing seem send set several \
    short show side simple since small someone something sometimes soon sort start starting starts \
    stay step stop sure talk think tick time today together tomorrow try turn under understand until \
    wait way week well while whole worked working works write wrong year yearly years";

/// Verbs, adjectives, adverbs and abstract nouns that any question may have. Where no entry knows one,
/// the answer has other words for it; things, places and names are not among them, as they may be the
/// very subject.
pub(super) const GENERAL: &str = "\
    accept account act activity actual admit advice affect afford afraid after agree aim alone along \
    although amount answer anything anyway apart appear apply approach argue arrange arrive aspect \
    attempt attention average aware background basic basis bear begun behave belief believe belong \
    benefit beside beyond borrow bother bought break brief broken brought build built busy buy calm \
    came careful carry cause center central certain chance cheap child chosen circle claim clean clear \
    clever collect combine comfort comment compare complain complete complex concern condition confirm \
    confuse connect consider consist constant contact contain continue convenient convince count \
    couple create critical current cut danger dangerous days deep define definite degree demand depend \
    describe desire detail develop die difficult direct direction disappear discover discuss distance \
    divide doubt down draw drawn drive driven drop due ease effect effort else emphasise empty enable \
    encourage enjoy enter entire equal especially evening event everyone exact examine excellent \
    except exist expensive experience explain explore express extra extreme face fact fail fair fall \
    fallen false familiar famous fear feel felt fight final finally fine finish fit fix focus force \
    forget forgotten form former forward frequent fresh friend fully function funny further future \
    gain gather general gentle glad goal gone gradually group grow grown guess guide habit handle hang \
    happy harm hate head healthy hear heard heavy held hidden hide high hit honest hope hour huge \
    hundred hurry hurt ignore imagine immediate immediately impact important impossible impress \
    improve increase indeed indicate individual influence inform inside insist intend interest \
    internal involve issue item join judge jump kept kill knew known lack last laugh lay lazy lead \
    learn led length lent level lie life lift light likely limit line link list live load loose loss \
    lost love low luck maintain major majority man manage manner mark match material matter meaning \
    meant measure medium meet memory mention mess met method middle million mind minor minute miss \
    mistake mix modern moment month morning narrow nature necessary neck negative neither nice night \
    noise none nor note notice number object observe obvious occasion occur odd offer often okay \
    opinion opportunity opposite option ordinary origin otherwise ought outside over paid pair \
    participate particular partner pass past patient pattern pause perfect perform perhaps period \
    phrase pick piece plain pleasant plenty polite poor popular position positive possibility \
    potential pour power practical practice prefer prepare presence present press pretend pretty \
    prevent previous probably problem proceed process progress promise proper properly protect proud \
    prove provide public pull purpose push quality quantity question quick quiet raise random range \
    rapid rare rate react read realise recall recent recognise recommend reduce refer refuse regard \
    regular relate relation relationship relevant rely remain remark remember remind repeat replace \
    reply report represent request require respect respond rest result return reveal review rich rise \
    risen risk role rough round routine run sad safe said satisfy scale search secret seek seen select \
    sense sent separate series serious serve settle severe shake shape share sharp shift shown shut \
    sign significant similar simply single sit situation size skill slight slow smart smooth soft sold \
    solid solution solve space speak special specific speed spend spent spoken spread square stage \
    stand standard state status steady steal stick stolen stood straight strange stress stretch strict \
    strike strong structure struggle stuff stupid subject succeed success sudden suffer suggest suit \
    suitable sum suppose surface surprise survive suspect switch taken task taught teach tend term \
    terrible test thank theory thick thin third though thought thousand throw thrown tie tight tiny \
    tired told tonight took top topic total touch toward transform treat trend trick trip trouble true \
    trust truth twice type typical understood unless unlike unusual upset used useful valuable value \
    variety various vast version view visit wake walk warm warn waste watch weak wear weeks weigh \
    welcome went whether wide wild willing win wise wish within woman won wonder word world worry \
    worse worst worth wrap written wrote yesterday young";

/// Words for money and for what is paid.
pub(super) const MONEY: &str = "\
    advance balance cent charge commission cost dollar earn earnings euro fee income money owe paid pay payable \
    payment percent price rate remuneration revenue royalty usd";
